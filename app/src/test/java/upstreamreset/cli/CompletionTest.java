// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import upstreamreset.testing.Cli;

/** What a shell offers for the last word. */
class CompletionTest {
    /** A cluster of one namespace. */
    private static final CompletedNames CLUSTER = new CompletedNames() {
        @Override
        public List<String> contexts(List<String> words) {
            return List.of("kind-upstream-reset", "rig");
        }

        @Override
        public List<String> namespaces(List<String> words) {
            return List.of("default", "shop");
        }

        @Override
        public List<String> pods(List<String> words) {
            return words.contains("shop") ? List.of("cart-0") : List.of("http-chunked-0");
        }

        @Override
        public List<String> targets(List<String> words, String typed) {
            return typed.startsWith("deploy/") ? List.of("deploy/cart") : List.of("cart-0", "deploy/");
        }
    };

    /** Words without their descriptions, and the directive. */
    private static List<String> offered(String... words) {
        var out = new StringWriter();
        var print = new PrintWriter(out);
        new Completion(print, CLUSTER).print(List.of(words));
        return out.toString().lines().map(line -> line.replaceFirst("\t.*", "")).toList();
    }

    @Test
    void everyCommandIsOffered() {
        assertThat(offered(""))
                .containsExactlyElementsOf(Stream.concat(Main.COMMANDS.keySet().stream(), Stream.of(":4"))
                        .toList());
        assertThat(offered("insp")).containsExactly("inspect", ":4");
        assertThat(offered()).isEqualTo(offered(""));
    }

    @Test
    void aCommandIsDescribedInOneSentence() {
        assertThat(Cli.run("__complete", "inspect").output())
                .isEqualTo(
                        "inspect\tReads captures and judges every response in HTTP/1 and in HTTP/2 without TLS: …\n:4\n");
    }

    @Test
    void scenariosAreOfferedByTheirNamesButNotTwice() {
        assertThat(offered("reproduce", "te-twice"))
                .contains("te-twice", "te-twice-in-one-line", ":4")
                .allMatch(each -> each.matches(":4|te-twice.*"));
        assertThat(offered("scenarios", "wron")).containsExactly("wrong", ":4");
        assertThat(offered("matrix", "wrong", "wron")).containsExactly(":4");
    }

    @Test
    void explainTakesCausesAndFiles() {
        assertThat(offered("explain", "")).contains("strict-mtls").endsWith(":0");
    }

    @Test
    void filesAreTheShells() {
        assertThat(offered("inspect", "cap")).containsExactly(":0");
        assertThat(offered("reproduce", "--report", "x")).containsExactly(":0");
    }

    @ParameterizedTest
    @CsvSource({"--output, js, json", "--column, ngi, nginx", "--envoy-version, 1.40, 1.40.0", "--output, JS,"})
    void theValuesOfAnOptionAreOffered(String option, String typed, String value) {
        var expected = value == null ? List.of(":4") : List.of(value, ":4");
        assertThat(offered("matrix", option, typed)).isEqualTo(expected);
        assertThat(offered("matrix", option + "=" + typed)).isEqualTo(expected);
    }

    @Test
    void anOptionIsOfferedOnceUnlessItIsRepeatable() {
        assertThat(offered("matrix", "--ou")).containsExactly("--output", ":4");
        assertThat(offered("matrix", "--output", "json", "--ou")).containsExactly(":4");
        assertThat(offered("matrix", "--column", "nginx", "--col")).containsExactly("--column", "--color", ":4");
        assertThat(offered("matrix", "--show")).containsExactly("--show-secrets", ":4");
        assertThat(offered("--de")).containsExactly("--debug", ":4");
    }

    @Test
    void behindTwoDashesNoOptionIsOffered() {
        assertThat(offered("reproduce", "--", "--ou")).containsExactly(":4");
    }

    @Test
    void aCommandThatIsNoneHasNoCandidates() {
        assertThat(offered("nonsense", "")).containsExactly(":4");
        assertThat(offered("--debug", "insp")).containsExactly("inspect", ":4");
    }

    @Test
    void namesOfTheClusterAreOfferedWhereOneStands() {
        assertThat(offered("explain", "--namespace", "sh")).containsExactly("shop", ":4");
        assertThat(offered("explain", "--namespace", "shop", "--pod", "")).containsExactly("cart-0", ":4");
    }

    @Test
    void anOptionOfTheRootHasItsValuesBeforeAndBehindTheCommand() {
        assertThat(offered("--color", "al")).containsExactly("always", ":4");
        assertThat(offered("--color=al")).containsExactly("always", ":4");
        assertThat(offered("--color", "never", "insp")).containsExactly("inspect", ":4");
        assertThat(offered("inspect", "--color", "n")).containsExactly("never", ":4");
        assertThat(offered("explain", "--color=n")).containsExactly("never", ":4");
    }

    @Test
    void wordsThatWeKnowAreOfferedAsValues() {
        assertThat(offered("scenarios", "--flag", "UP")).containsExactly("UPE", ":4");
        assertThat(offered("scenarios", "--status", "50")).contains("502", "503", ":4");
        assertThat(offered("inspect", "--framework", "spring-m")).containsExactly("spring-mvc", ":4");
        assertThat(offered("probe", "--istio-version", "1.3")).containsExactly("1.30", "1.31", "1.32", ":4");
        assertThat(offered("serve", "--live", "")).containsExactly("on", "off", ":4");
        assertThat(offered("serve", "--election", "o")).containsExactly("on", "off", ":4");
    }

    @Test
    void ofAListThatCommasPartTheLastIsCompleted() {
        assertThat(offered("matrix", "--column", "nginx,ha")).containsExactly("nginx,haproxy", ":4");
        assertThat(offered("matrix", "--envoy-version=1.39.3,1.40")).containsExactly("1.39.3,1.40.0", ":4");
    }

    @Test
    void anOptionsValueIsNoOperand() {
        assertThat(offered("help", "--color", "never", "expl")).containsExactly("explain", ":4");
        assertThat(offered("diagnose", "-n", "shop", "dep")).containsExactly("deploy/", ":6");
        assertThat(offered("diagnose", "-n", "shop", "deploy/cart", "")).containsExactly(":4");
        assertThat(offered("diagnose", "-l", "app=cart", "")).containsExactly(":4");
        assertThat(offered("diagnose", "--codec-log", "cart")).containsExactly("cart-0", ":4");
        assertThat(offered("diagnose", "--codec-log=f")).containsExactly("fields", ":4");
        assertThat(offered("capture", "--time", "5s", "cart")).containsExactly("cart-0", ":4");
    }

    @Test
    void filesAreOfferedWhereOneIsMeant() {
        assertThat(offered("probe", "--url-file", "")).containsExactly(":0");
        assertThat(offered("capture", "-w", "")).containsExactly(":0");
        assertThat(offered("sidecar", "3000", "--", "np")).containsExactly(":0");
        assertThat(offered("sidecar", "")).containsExactly(":4");
    }

    @Test
    void aDashAsksForTheOptions() {
        assertThat(offered("inspect", "-")).contains("--report", "--color", ":4");
        assertThat(offered("-")).contains("--debug", "--color", ":4");
    }

    @Test
    void helpTakesOneCommandAndCompletionOneShell() {
        assertThat(offered("help", "expl")).containsExactly("explain", ":4");
        assertThat(offered("help", "explain", "")).containsExactly(":4");
        assertThat(offered("completion", "")).containsExactly("bash", "zsh", "fish", ":4");
    }
}
