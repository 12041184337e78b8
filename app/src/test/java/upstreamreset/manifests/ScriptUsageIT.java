// SPDX-License-Identifier: Apache-2.0
package upstreamreset.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How the cluster scripts are called: their help as recorded, and a sentence for each wrong call. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ScriptUsageIT {
    private Sandbox sandbox;

    @BeforeAll
    void makeSandbox(@TempDir Path folder) {
        sandbox = Sandbox.in(folder).withRealImage();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"bootstrap", "demo", "sniff", "leader-demo", "teardown", "crds", "image", "pin", "preflight"})
    void helpIsAsRecorded(String script) {
        var result = sandbox.script(script, "--help");

        assertThat(result.exitCode()).isZero();
        assertThat(result.err()).isEmpty();
        assertThat(result.out())
                .isEqualTo(
                        Repository.text("app/src/test/resources/upstreamreset/manifests/" + script + "-help.golden"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "bootstrap --fast | unknown argument '--fast'.",
                "bootstrap --overlay | --overlay needs a value.",
                "bootstrap --overlay double | there is no overlay 'double'; there are ambient, leader, leader-load-balancer, local, namespaced, openshift, restricted, single.",
                "bootstrap --timeout soon | --timeout is a number of seconds, not 'soon'.",
                "bootstrap --image a/b:1 | overlay local pulls nothing, so --image needs another overlay.",
                "bootstrap --overlay single --image a;b | 'a;b' is not an image reference.",
                "bootstrap --context mine | can only be loaded into kind, so --context needs --image.",
                "bootstrap --namespace A_b | 'A_b' is not a valid namespace name.",
                "bootstrap --registry :// | '://' is not a registry.",
                "bootstrap --no-argocd --revision main | --no-argocd installs from this clone",
                "bootstrap --repository-secret none.yaml | there is no file ",
                "teardown --all | a kind cluster goes as a whole: --all needs --context.",
                "demo --namespace / | '/' is not a valid namespace name.",
                "demo now | unknown argument 'now'.",
                "sniff --way debug | unknown argument '--way'.",
                "sniff --seconds 0 | --seconds is a number from 1 to 999, not '0'.",
                "sniff --output /no/such/folder/x.pcap | there is no folder /no/such/folder for the capture.",
                "leader-demo --replicas 1 | --replicas is a number from 2 to 10, not '1'.",
                "leader-demo --how nicely | --how is term or kill, not 'nicely'.",
                "teardown --cluster a --context b | --cluster and --context exclude each other.",
                "crds all | unknown argument 'all'.",
                "image now | unknown argument 'now'.",
                "image --no-build | say --cluster NAME or --tar FILE.",
                "image --tar | --tar needs a value.",
                "image --cluster a --tar b | --cluster and --tar exclude each other.",
                "image --base scratch --tar a | --base is jlink or registry, not 'scratch'.",
                "image --tar /no/such/folder/a.tar | there is no folder /no/such/folder for the tar.",
                "image --tar scripts | scripts is a folder, not a file for the tar.",
                "pin now | unknown argument 'now'.",
                "preflight --namespace a | say --context NAME.",
                "preflight --context a --overlay b | there is no overlay 'b'; there are ambient",
            })
    void aWrongCallIsExplained(String call, String because) {
        var words = call.split(" ", 2);
        var result = sandbox.script(words[0], words[1].split(" ", -1));

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).contains(because).contains("Try 'scripts/" + words[0] + " --help'.");
        assertThat(sandbox.calls()).isEmpty();
    }
}
