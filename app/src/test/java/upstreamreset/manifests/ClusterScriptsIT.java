// SPDX-License-Identifier: Apache-2.0
package upstreamreset.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import upstreamreset.testing.KubeApiServer;

/**
 * scripts/demo, sniff and leader-demo against a real API server with the shipped objects; a stand-in says what the kubelet
 * and the Pods would.
 */
@Tag("kube")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Execution(ExecutionMode.CONCURRENT)
@ResourceLock("ClusterScriptsIT")
class ClusterScriptsIT {
    private final KubeApiServer server = KubeApiServer.start();
    private Sandbox sandbox;

    @BeforeEach
    void makeSandbox(@TempDir Path folder) {
        Lab.install(server);
        Lab.installCurl(server);
        sandbox = Sandbox.in(folder).on(server.kubectl(), server.kubeconfig(), "kind-upstream-reset");
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"demo", "sniff", "leader-demo", "teardown"})
    void aContextThatIsNotThereIsSaidSo(String script) {
        var result = sandbox.script(script, "--context", "kind-other");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).contains(script + ": there is no context 'kind-other' in the kubeconfig.");
    }

    @Test
    void anApiServerThatDoesNotAnswerIsSaidSo() {
        var result = sandbox.script("demo", "--context", "somebody-elses");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err())
                .contains("demo: the API server of context 'somebody-elses' does not answer: ")
                .contains("127.0.0.1:1");
    }

    @Test
    void aLabThatIsNotReadyIsSaidSo() {
        server.run("delete", "pod", "curl-0", "--force", "--grace-period=0");

        var result = sandbox.script("demo");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err())
                .contains(
                        "Pod curl-0 in namespace default of context 'kind-upstream-reset' is not ready. Has scripts/bootstrap finished?");
    }

    @Test
    void demoShowsTheLogLineBesideEachAnswer() {
        var result = sandbox.script("demo");

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.out())
                .containsSubsequence(
                        "$ curl -i http://http-chunked:8080/correct",
                        "HTTP/1.1 200 OK",
                        "sidecar:  [",
                        "\"GET /correct HTTP/1.1\" 200 - via_upstream",
                        "$ curl -i http://http-chunked:8080/wrong",
                        "HTTP/1.1 502 Bad Gateway",
                        "reset reason: protocol error",
                        "\"GET /wrong HTTP/1.1\" 502 UPE upstream_reset_before_response_started{protocol_error}");
        assertThat(result.err()).contains("Reproduced.");
    }

    @Test
    void demoSaysWhenTheResetIsNotReproduced() {
        sandbox.set("ANSWERS", "healthy");

        var result = sandbox.script("demo");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).contains("demo: not what the lab should show: /correct 200, /wrong 502 UPE");
    }

    @Test
    void sniffAsksForBothPathsWhileItCaptures() throws IOException {
        var result = sandbox.script("sniff", "--seconds", "7", "--debug-image", "mirror/netshoot:1");

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(sandbox.checkout().resolve("http-chunked-0.pcap")).hasSize(41);
        assertThat(result.out())
                .contains("the verdict")
                .contains("http-chunked-0.pcap: 41 bytes")
                .contains("tcp.payload matches \"(?i)^HTTP/1.*")
                .contains("scripts/upstream-reset inspect '");
        assertThat(sandbox.calls())
                .containsSubsequence(
                        "upstream-reset capture pod/http-chunked-0 --context kind-upstream-reset --namespace default"
                                + " --image mirror/netshoot:1 --port 8080 --time 7s -w ",
                        "http://http-chunked-0.http-chunked-pods:8080/correct",
                        "http://http-chunked-0.http-chunked-pods:8080/wrong");
    }

    @Test
    void sniffSaysWhyNothingWasCaptured() throws IOException {
        sandbox.set("FAILS", "capture *");

        var result = sandbox.script("sniff", "--output", "capture.pcap");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err())
                .contains("stand-in: it fails")
                .contains("sniff: nothing was captured. The other ways are in scripts/sniff --help.");
        assertThat(sandbox.checkout().resolve("capture.pcap")).doesNotExist();
        assertThat(sandbox.calls()).doesNotContain("/wrong");
    }

    @ParameterizedTest
    @CsvSource({"term, kubectl delete pod http-chunked-0", "kill, cutting http-chunked-0 off from the API server"})
    void leaderDemoScalesAndShowsWhoTakesOver(String how, String said) {
        // Given http-chunked-0 leads
        Lab.lead(server, "http-chunked-0");
        // When
        var result = sandbox.script("leader-demo", "--how", how);
        // Then
        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.err())
                .containsSubsequence(
                        "the leader is http-chunked-0",
                        "who answers at http://http-chunked-leader/:  {\"hostname\":\"http-chunked-0\"",
                        said,
                        "the leader is http-chunked-1, ",
                        "who answers at http://http-chunked-leader/:  {\"hostname\":\"http-chunked-1\"");
        assertThat(result.out()).contains("http-chunked-leader").contains("HOLDER");
        assertThat(server.run("get", "statefulset", "http-chunked", "-o", "jsonpath={.spec.replicas}"))
                .isEqualTo("3");
    }

    @Test
    void theCutIsPutBackByItselfAndAtTheEnd() {
        // Given
        Lab.lead(server, "http-chunked-0");
        // When
        sandbox.script("leader-demo", "--how", "kill");
        // Then
        var container =
                Yaml.stored(server, "pod", "http-chunked-0", "default").object("spec", "ephemeralContainers", 0);
        assertThat(container.texts("securityContext", "capabilities", "add")).contains("NET_ADMIN");
        assertThat(container.texts("command").getLast())
                .matches(
                        "trap 'exit 0' TERM; trap 'iptables -t mangle -D (OUTPUT -d [0-9.]+ -p tcp --dport 443 -j DROP)' EXIT;"
                                + " iptables -t mangle -A \\1 \\|\\| exit; sleep 120 & wait");
        assertThat(sandbox.calls()).containsPattern("exec http-chunked-0 -c cut-\\d+ .*-- kill -TERM 1\n");
    }

    @Test
    void noCallLeavesTheContextToChance() {
        sandbox.script("demo");
        sandbox.script("leader-demo", "--context", "kind-other");

        assertThat(sandbox.calls().lines().filter(call -> call.startsWith("kubectl ")))
                .isNotEmpty()
                .allMatch(call -> call.startsWith("kubectl --context kind-upstream-reset ")
                        || call.startsWith("kubectl config ")
                        || call.equals("kubectl version --client"));
    }
}
