// SPDX-License-Identifier: Apache-2.0
package upstreamreset.diagnose;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import upstreamreset.testing.Cli;
import upstreamreset.testing.Golden;

/** The command against a cluster of one Pod; what it prints is {@code diagnose/*.golden}. */
class DiagnoseCommandTest extends DiagnoseFixture {
    private static final String DOUBLE = """
            HTTP/1.1 200 OK
            Transfer-Encoding: Chunked
            Transfer-Encoding: chunked
            Set-Cookie: secret

            2
            ok
            0

            """.replace("\n", "\r\n");

    private void doublesTheHeader() {
        cluster.app = request -> DOUBLE;
        cluster.status = 502;
        cluster.body = "upstream connect error or disconnect/reset before headers. reset reason: protocol error";
        cluster.line = REFUSED;
        cluster.codec =
                "2026-11-29T12:00:00.000000Z\tdebug\tenvoy client source/common/http/codec_client.cc:191\t[Tags: \"ConnectionId\":\"25\"]"
                        + " Error dispatching received data: http/1.1 protocol error: unsupported transfer encoding\tthread=23";
    }

    @Test
    void theDoubledHeaderIsNamedWithItsBytesAndTheCodecsWords() throws IOException {
        doublesTheHeader();

        var result = run("/wrong", "--codec-log");

        Golden.holds("diagnose/doubled", result.output());
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.errors())
                .contains(
                        "client: warning → debug",
                        "kubectl -n shop exec cart-0 -c istio-proxy -- pilot-agent request POST 'logging?paths=client:warning'",
                        "the levels are as before");
        assertThat(cluster.levels).containsEntry("client", "warning").containsEntry("http", "warning");
        assertThat(cluster.asked).containsExactly("GET /wrong HTTP/1.1");
    }

    @Test
    void jsonHasTheSharedRecords() throws IOException {
        doublesTheHeader();

        var json = run("/wrong", "--output", "json").output().replaceAll("\"millis\":\\d+", "\"millis\":0");

        Golden.holds("diagnose/doubled-json", json);
    }

    @Test
    void thePageIsWritten() throws IOException {
        doublesTheHeader();
        var page = folder.resolve("page.html");

        run("/wrong", "--report", page.toString());

        assertThat(Files.readString(page))
                .contains("duplicate-transfer-encoding", "GET /wrong")
                .doesNotContain("secret");
    }

    @Test
    void withoutPathNothingIsAskedAndTheFailingOneIsQuoted() throws IOException {
        cluster.log.add(FakeCluster.line("/a;rm", REFUSED, "1"));
        cluster.log.add(FakeCluster.line("/b", "200 - via_upstream", "2"));

        var result = run();

        Golden.holds("diagnose/no-path", result.output());
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(cluster.asked).isEmpty();
    }

    @Test
    void whatIsWellIsSaidSo() throws IOException {
        var result = run("/x");

        Golden.holds("diagnose/well", result.output());
        assertThat(result.exitCode()).isEqualTo(0);
        assertThat(cluster.admin).noneMatch(each -> each.startsWith("/logging"));
    }

    @Test
    void anAnswerThatTheSidecarLoggedDidNotComePastIt() throws IOException {
        doublesTheHeader();
        cluster.logsPast = true;

        assertThat(run("/x").output())
                .contains("this answer went through the sidecar")
                .doesNotContain("  >");
    }

    @Test
    void levelsThatSomebodyElseRaisedAreLeft() throws IOException {
        doublesTheHeader();
        cluster.levels.put("client", "trace");

        var result = run("/wrong", "--codec-log");

        assertThat(result.errors()).contains("somebody else has raised");
        assertThat(cluster.levels).containsEntry("client", "trace");
    }

    @Test
    void aLevelThatWasNotWarningIsRestoredToWhatItWas() throws IOException {
        doublesTheHeader();
        cluster.levels.put("client", "error");

        run("/wrong", "--codec-log=fields", "--yes");

        assertThat(cluster.levels).containsEntry("client", "error").containsEntry("http", "warning");
        assertThat(cluster.admin).contains("/logging?paths=client:debug,http:trace");
    }

    @Test
    void fieldsOfEverybodyAreNotLoggedByMistake() throws IOException {
        var result = run("/wrong", "--codec-log=fields");

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.errors()).contains("confirm with --yes");
        assertThat(cluster.admin).isEmpty();
    }

    @Test
    void strictIsNotAskedThrough() throws IOException {
        doublesTheHeader();
        cluster.demandMtls();

        assertThat(run("/wrong").output())
                .contains("mTLS STRICT (PeerAuthentication shop/p)", "not asked through its sidecar:  mTLS is STRICT")
                .contains("duplicate-transfer-encoding");
    }

    @Test
    void aPodWithoutSidecarIsAskedAlone() throws IOException {
        cluster.objects.put(POD, FakeCluster.pod(""));
        doublesTheHeader();

        Golden.holds("diagnose/no-sidecar", run("/wrong").output());
    }

    @Test
    void aPodOfAllNamespacesIsNotAskedForAgain() throws IOException {
        cluster.objects.put("/api/v1/pods", "{\"items\": [" + FakeCluster.pod("") + "]}");
        cluster.objects.remove(POD);

        assertThat(run("/x", "-A").output()).contains("pod/cart-0 in shop: container cart");
    }

    @Test
    void anAppOnLoopbackOnlyIsAFinding() throws IOException {
        cluster.status = 503;
        cluster.body =
                "upstream connect error or disconnect/reset before headers. reset reason: remote connection failure";
        cluster.line = "503 UF upstream_reset_before_response_started{remote_connection_failure}";

        var result = run("/x");

        assertThat(result.output()).startsWith("listens-on-loopback-only: ");
        assertThat(result.exitCode()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "111, true",
        "Connection_refused, true",
        "113, false",
    })
    void whatWasNotRefusedIsNotOfLoopback(String error, boolean loopback) throws IOException {
        cluster.status = 503;
        cluster.body =
                "upstream connect error or disconnect/reset before headers. reset reason: remote connection failure, transport failure reason: delayed connect error: "
                        + error.replace('_', ' ');
        cluster.line = "503 UF upstream_reset_before_response_started{remote_connection_failure|delayed_connect_error:_"
                + error + "}";

        assertThat(run("/x").output().startsWith("listens-on-loopback-only: ")).isEqualTo(loopback);
    }

    @Test
    void a407OfTheAppIsNoProxysOfOurs() throws IOException {
        cluster.app = request -> "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 2\r\n\r\nok";
        cluster.status = 407;
        cluster.line = "407 - via_upstream";

        assertThat(run("/x").output())
                .startsWith("GET /x is answered 407, past the sidecar and through it")
                .doesNotContain("a user and a password");
    }

    @Test
    void aPortThatNobodyListensOnIsAFinding() throws IOException {
        cluster.refuses = true;
        cluster.status = 503;
        cluster.line = "503 UF upstream_reset_before_response_started{remote_connection_failure}";

        assertThat(run("/x").output()).startsWith("port-refused: ").contains("nothing listens on 127.0.0.1:8080");
    }

    @Test
    void anHttp1AppOnAPortNamedGrpcIsAFinding() throws IOException {
        cluster.objects.put("/api/v1/namespaces/shop/services", FakeCluster.services("grpc"));
        cluster.app = request -> "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n";

        assertThat(run("/x").output()).startsWith("http2-to-http1-port (RFC 9113 §3.3): ");
    }

    @Test
    void anHttp2PortIsSaidToBeNotAsked() throws IOException {
        cluster.objects.put("/api/v1/namespaces/shop/services", FakeCluster.services("grpc"));
        cluster.app = request -> "\0\0\0\4\0\0\0\0\0";

        var result = run("/x");

        assertThat(result.output()).contains("not asked:  the port speaks HTTP/2");
        assertThat(result.exitCode()).isEqualTo(3);
        assertThat(cluster.asked).noneMatch(each -> each.contains("/x"));
    }

    @Test
    void anApiServerThatDoesNotRunIsSaidSo() throws IOException {
        var kubeconfig = cluster.kubeconfig(folder).toString();
        cluster.close();

        var result = Cli.run("diagnose", "--kubeconfig", kubeconfig, "cart-0", "/x");

        assertThat(result.errors())
                .contains("The API server cannot be asked to get pods cart-0: it refuses connections, or does not run");
        assertThat(result.exitCode()).isEqualTo(3);
    }

    @Test
    void anAccessLogThatIsOffTellsNothing() throws IOException {
        var result = run();

        assertThat(result.output()).startsWith("nothing can be said: no log to read");
        assertThat(result.exitCode()).isEqualTo(3);
    }

    @Test
    void aJsonLogIsReadToo() throws IOException {
        cluster.log.add(
                "{\"method\":\"GET\",\"path\":\"/j\",\"response_code\":502,\"response_flags\":\"UPE\",\"response_code_details\":"
                        + "\"upstream_reset_before_response_started{protocol_error}\",\"upstream_cluster\":\"inbound|8080||\"}");

        assertThat(run().output())
                .contains("1 × " + REFUSED + "   GET /j", "$ upstream-reset diagnose -n shop pod/cart-0 /j");
    }

    @ParameterizedTest
    @CsvSource({"get pods/log", "get pods/portforward", "create pods/portforward", "get pods/proxy"})
    void aMissingRightIsNamedBeforeAnythingIsDone(String right) throws IOException {
        cluster.denied.add(right);

        var result = run("/x");

        assertThat(result.errors()).contains("not permitted in namespace shop: " + right);
        assertThat(result.output()).contains("not permitted to ");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            nobody /x                    | there is no pod 'nobody' in namespace 'shop'
            /x                           | TARGET is missing before /x: pod/NAME
            secret/x /x                  | 'secret' is not a kind that runs Pods
            cart-0 x                     | PATH must begin with /
            cart-0 /x#y                  | PATH must begin with /
            cart-0 /x /y                 | is one word too many
            cart-0 --codec-log           | --codec-log needs a PATH
            cart-0 /x --codec-log=all    | --codec-log is given alone or as --codec-log=fields
            cart-0 /x --port nothing     | no port of pod/cart-0 or of its Services is named 'nothing'
            cart-0 /x -X GE(T            | is not a method
            deploy cart /x               | TARGET is one word: deploy/cart, not 'deploy cart'
            cart-0 /x --port 0           | --port must be 1 to 65535, not 0
            cart-0 /x --port 100000      | --port must be 1 to 65535, not 100000
            cart-0 /x -n shop -A         | exclude each other
            cart-0 --context other       | there is no context 'other' in the kubeconfig; it has fake
            cart-0 --since 0s            | --timeout and --since must be more than 0s
            """)
    void whatIsWrongIsSaidInOneSentence(String words, String sentence) throws IOException {
        var result = diagnose(words.split(" "));

        assertThat(result.errors()).contains(sentence);
        assertThat(result.exitCode()).isIn(2, 3);
        assertThat(result.output()).isEmpty();
        assertThat(cluster.asked).isEmpty();
    }
}
