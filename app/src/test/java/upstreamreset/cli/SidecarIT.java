// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import upstreamreset.origin.RawOrigin;
import upstreamreset.output.JsonTree;
import upstreamreset.probe.TaciturnServer;
import upstreamreset.scenario.WireScript;
import upstreamreset.scenario.WireStep;
import upstreamreset.server.AppServer;
import upstreamreset.server.ServeOptions;
import upstreamreset.testing.Cli;
import upstreamreset.testing.FreePort;
import upstreamreset.testing.RealParts;
import upstreamreset.testing.SignalledProcess;
import upstreamreset.wire.Bytes;

/** {@code sidecar} with a real Envoy, in front of an app that is not the lab's: it runs on its own, with every fault. */
class SidecarIT {

    private static AppServer app;

    @TempDir
    Path folder;

    @BeforeAll
    static void start() throws IOException {
        RealParts.envoy();
        app = AppServer.start(ServeOptions.onFreePort().withStream(ServeOptions.CHUNKS, Duration.ofMillis(10)));
    }

    @AfterAll
    static void stop() {
        app.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /correct                       | 0 | via_upstream              |
            /wrong                         | 1 | 502 UPE                   | error duplicate-transfer-encoding
            /scenarios/te-and-cl           | 1 | 502 UPE                   | error transfer-encoding-and-content-length
            /scenarios/chunk-no-crlf       | 1 | 200 UPE                   | error missing-chunk-end
            /scenarios/conn-fin-in-body    | 1 | 200 UPE                   | error cut-in-body
            /scenarios/conn-fin-before-head | 1 | 503 UC                    | error no-response
            /scenarios/field-value-bare-cr | 1 | via_upstream              | x-foo: sent a
            /no-such-path                  | 0 | 404 - via_upstream        |
            """)
    void whatIsWrongWithAnAnswerIsToldWithItsBytes(String path, int code, String line, String finding) {
        var result = sidecar("--ask", path);

        assertThat(result.exitCode()).as(result.output() + result.errors()).isEqualTo(code);
        assertThat(result.output().lines().findFirst().orElseThrow()).contains("GET " + path + " HTTP/1.1", line);
        if (finding == null) {
            assertThat(result.output().lines()).hasSize(1);
        } else {
            assertThat(result.output()).contains(finding);
        }
    }

    @Test
    void eachSidecarLogsALineAndThatOfTheAppsSaysWhy() {
        var result = sidecar("--ask", "/wrong", "--with-client-sidecar");

        assertThat(result.output().lines().toList())
                .anyMatch(line -> line.contains("502 - via_upstream"))
                .anyMatch(line -> line.contains("502 UPE"));
        assertThat(result.output()).containsOnlyOnce("error duplicate-transfer-encoding");
    }

    @Test
    void jsonIsTheJudgedResponseThatAllCommandsHave() {
        var result = sidecar("--ask", "/wrong", "--ask", "/correct", "--output", "json");

        var lines = result.output().lines().map(JsonTree::read).toList();
        assertThat(result.exitCode()).isEqualTo(Main.FOUND);
        assertThat(lines).hasSize(2);
        assertThat(lines.getFirst().at("/findings/0/rule").asString()).isEqualTo("duplicate-transfer-encoding");
        assertThat(lines.getFirst().at("/envoy/observed").asBoolean()).isTrue();
        assertThat(lines.getFirst().at("/envoy/message").asString()).isEqualTo("unsupported transfer encoding");
        assertThat(lines.getLast().at("/findings")).isEmpty();
        assertThat(lines)
                .extracting((JsonNode each) -> each.at("/wrong").asBoolean())
                .containsExactly(true, false);
    }

    @Test
    void anOlderIstioHasItsOwnEnvoy() {
        RealParts.envoy("1.36.4");

        var result = sidecar("--ask", "/wrong", "--istio-version", "1.28", "--output", "json");

        assertThat(JsonTree.read(result.output()).at("/envoy/version").asString())
                .isEqualTo("1.36.4");
    }

    @Test
    void aMeshFileChangesTheConfiguration() throws IOException {
        var mesh = Files.writeString(folder.resolve("mesh"), "sidecar route {\"match\":{\"prefix\":\"/elsewhere\"}}\n");

        var result = sidecar("--ask", "/correct", "--mesh", mesh.toString());

        assertThat(result.exitCode()).isEqualTo(Main.FOUND);
        assertThat(result.output()).contains("404 NR route_not_found", "Envoy answered 404 and did not ask the app");
    }

    @Test
    void filesAndAnnotationsAreWritten() throws IOException {
        var capture = folder.resolve("x.pcapng");
        var report = folder.resolve("x.html");
        var junit = folder.resolve("x.xml");

        var result = sidecar(
                "--ask",
                "/wrong",
                "--ask",
                "/correct",
                "--output",
                "github",
                "--framework",
                "go",
                "--capture",
                capture.toString(),
                "--report",
                report.toString(),
                "--junit",
                junit.toString());

        var recipe = "in Go net/http: Do not set Transfer-Encoding";
        assertThat(result.output().lines().toList())
                .satisfiesExactly(
                        line -> assertThat(line)
                                .startsWith("::error title=upstream-reset sidecar%3A /wrong::")
                                .contains(recipe),
                        line -> assertThat(line).contains("GET /correct"));
        assertThat(Cli.run("inspect", capture.toString()).output()).contains("duplicate-transfer-encoding");
        assertThat(Files.readString(report))
                .contains("duplicate-transfer-encoding", recipe, "GET /wrong → 502 UPE", "What passed between them")
                .contains("The client got", "<mark>Transfer-Encoding: Chunked", "GET /correct → 200 -");
        assertThat(Files.readString(junit)).contains("tests=\"2\" failures=\"1\"", "name=\"/wrong\" time=\"", recipe);
    }

    @Test
    void aPortThatSpeaksHttp2IsServedSoOrSaidSo() {
        var said = Cli.run("sidecar", "127.0.0.1:" + app.port(), "--ask", "/scenarios/port-http2");
        var served =
                Cli.run("sidecar", "127.0.0.1:" + app.port(), "--http2", "--ask", "/scenarios/h2-transfer-encoding");

        assertThat(said.exitCode()).isEqualTo(Main.FOUND);
        assertThat(said.output()).contains("speaks-http2");
        assertThat(served.exitCode()).isEqualTo(Main.FOUND);
        assertThat(served.output()).contains("connection-specific-field");
    }

    @Test
    void aPortThatSpeaksHttp2AndClosesWithoutAByteIsSaidSo() throws IOException {
        try (var app = new TaciturnServer(Map.of("PRI * HTTP/2.0", "000000040000000000"))) {
            var result = Cli.run("sidecar", Integer.toString(app.port()), "--ask", "/");

            assertThat(result.exitCode()).isEqualTo(Main.FOUND);
            assertThat(result.errors()).contains("the app speaks HTTP/2 on port " + app.port(), "--http2");
        }
    }

    @Test
    void anAppThatSpeaksTlsIsSaidSo() throws Exception {
        var key = folder.resolve("key.pem").toString();
        var certificate = folder.resolve("certificate.pem").toString();
        var openssl = RealParts.program("openssl").toString();
        var request = "req -x509 -newkey rsa:2048 -nodes -subj /CN=x -keyout %s -out %s".formatted(key, certificate);
        try (var made = SignalledProcess.start(folder.resolve("req.log"), Map.of(), words(openssl, request))) {
            assertThat(made.awaitExit(60)).isZero();
        }
        int port = FreePort.find();
        var serve = "s_server -accept %d -key %s -cert %s -www -quiet".formatted(port, key, certificate);
        try (var _ = SignalledProcess.start(folder.resolve("server.log"), Map.of(), words(openssl, serve))) {
            var result = Cli.run("sidecar", Integer.toString(port), "--wait", "30s", "--ask", "/");

            assertThat(result.exitCode()).isEqualTo(Main.FOUND);
            assertThat(result.errors()).contains("the app speaks TLS on port " + port);
        }
    }

    private static List<String> words(String program, String arguments) {
        var words = new ArrayList<>(List.of(program));
        words.addAll(List.of(arguments.split(" ")));
        return words;
    }

    @Test
    void aStreamIsANoteAndSilenceAFinding() throws IOException {
        try (var origin = ProbeCommandTest.origin(
                "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n")) {
            var result = Cli.run(
                    "sidecar", Integer.toString(origin.address().getPort()), "--ask", "/", "--timeout", "500ms");

            assertThat(result.exitCode()).as(result.output()).isZero();
            assertThat(result.output()).contains("note: the response was still arriving after 500ms");
        }
        try (var listens = new ServerSocket(0, 5, InetAddress.ofLiteral("127.0.0.1"))) {
            var result =
                    Cli.run("sidecar", Integer.toString(listens.getLocalPort()), "--ask", "/", "--timeout", "500ms");

            assertThat(result.exitCode()).isEqualTo(Main.FOUND);
            assertThat(result.output()).contains("no answer came within 500ms").doesNotContain("keep-alive");
        }
    }

    /** On a new connection nothing can have raced. */
    @Test
    void anAppThatClosesAConnectionUnderARequestGetsTheRecipesForIdleConnections() throws IOException {
        var once = new WireScript(
                WireScript.Protocol.HTTP_1,
                List.of(
                        new WireStep.ReadRequest(),
                        new WireStep.Send(Bytes.latin1("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")),
                        new WireStep.ReadRequest(),
                        new WireStep.Close()));
        try (var app = RawOrigin.play(once)) {
            var port = Integer.toString(app.address().getPort());

            var raced = Cli.run("sidecar", port, "--ask", "/first", "--ask", "/second", "--framework", "node");

            assertThat(raced.exitCode()).isEqualTo(Main.FOUND);
            assertThat(raced.output())
                    .contains("200 - via_upstream", "503 UC", "error no-response")
                    .containsSubsequence(
                            "in Node http: ", "server.keepAliveTimeout = 3_700_000;", "DestinationRule", "idleTimeout");
        }
        var unraced = sidecar("--ask", "/scenarios/conn-fin-before-head", "--framework", "node");
        assertThat(unraced.output()).contains("error no-response").doesNotContain("keepAliveTimeout", "idleTimeout");
    }

    private static Cli.Result sidecar(String... more) {
        var words = new ArrayList<>(List.of("sidecar", "http://127.0.0.1:" + app.port()));
        words.addAll(List.of(more));
        return Cli.run(words.toArray(new String[0]));
    }
}
