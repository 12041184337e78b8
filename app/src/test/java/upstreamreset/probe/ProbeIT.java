// SPDX-License-Identifier: Apache-2.0
package upstreamreset.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import upstreamreset.origin.RawOrigin;
import upstreamreset.scenario.WireScript;
import upstreamreset.scenario.WireStep;
import upstreamreset.server.AppServer;
import upstreamreset.server.ServeOptions;
import upstreamreset.testing.FreePort;
import upstreamreset.testing.RealParts;
import upstreamreset.testing.SignalledProcess;
import upstreamreset.wire.Bytes;
import upstreamreset.wire.Printable;

/** Real servers are healthy, and a real Envoy does with the same bytes what the model says. */
class ProbeIT {
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
    private static final int BUILD_SECONDS = 600;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    @Test
    void nginxIsHealthy() throws IOException {
        int port = FreePort.find();
        var config = """
                daemon off; master_process off; pid %1$s/pid; error_log %1$s/error.log;
                events {}
                http { access_log off; client_body_temp_path %1$s/a; proxy_temp_path %1$s/b; fastcgi_temp_path %1$s/c;
                  uwsgi_temp_path %1$s/d; scgi_temp_path %1$s/e;
                  server { listen 127.0.0.1:%2$d; location / { return 200 hello; } } }
                """.formatted(folder, port);
        healthy(
                port,
                List.of(
                        RealParts.program("nginx").toString(),
                        "-c",
                        file("nginx.conf", config).toString()));
    }

    @Test
    void haproxyIsHealthy() throws IOException {
        int port = FreePort.find();
        var config = """
                defaults
                  mode http
                  timeout connect 5s
                  timeout client 5s
                  timeout server 5s
                frontend main
                  bind 127.0.0.1:%d
                  http-request return status 200 content-type text/plain string hello
                """.formatted(port);
        healthy(
                port,
                List.of(
                        RealParts.program("haproxy").toString(),
                        "-db",
                        "-f",
                        file("haproxy.cfg", config).toString()));
    }

    @Test
    void goIsHealthy() throws IOException {
        int port = FreePort.find();
        var source = """
                package main
                import ("fmt"; "net/http")
                func main() {
                    http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
                        fmt.Fprint(w, "hello"); w.(http.Flusher).Flush(); fmt.Fprint(w, "again")
                    })
                    panic(http.ListenAndServe("127.0.0.1:%d", nil))
                }
                """.formatted(port);
        var go = RealParts.program("go").toString();
        var build = folder.resolve("server");
        var main = file("main.go", source);
        // With an empty cache, Go first compiles its own library; that has no time limit here.
        var log = folder.resolve("go.log");
        try (var compiler = SignalledProcess.start(
                log, Map.of("GOCACHE", goCache()), List.of(go, "build", "-o", build.toString(), main.toString()))) {
            assertThat(compiler.awaitExit(BUILD_SECONDS))
                    .as(Files.readString(log))
                    .isZero();
        }
        healthy(port, List.of(build.toString()));
    }

    @Test
    void theJdksServerIsHealthy() throws IOException {
        var server = HttpServer.create(new InetSocketAddress(LOOPBACK, 0), 0);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write("hello".getBytes(StandardCharsets.US_ASCII));
            exchange.close();
        });
        server.start();
        try {
            assertHealthy(server.getAddress().getPort(), "/");
        } finally {
            server.stop(0);
        }
    }

    @Test
    void serveIsHealthyButForWrong() throws IOException {
        try (var app =
                AppServer.start(ServeOptions.onFreePort().withStream(ServeOptions.CHUNKS, Duration.ofMillis(10)))) {
            assertHealthy(app.port(), "/correct");
            assertHealthy(app.port(), "/health");
            assertThat(probe(app.port(), "/wrong").healthy()).isFalse();
        }
    }

    /** The probe reports a real Envoy's reactions to the catalogue's responses; the model is not involved. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            field-value-bare-cr | damaged | x-foo: a\\rb -> ab
            te-second-empty     | damaged | body: 5 bytes: hello -> 15 bytes: 5\\r\\nhello\\r\\n0\\r\\n\\r\\n
            chunk-too-short     | damaged | body: an end that cannot be read -> 4 bytes: hell, whole
            field-folded        | passes  |
            field-value-latin1  | passes  |
            te-twice            | resets-before |
            """)
    void whatArrivesBehindEnvoyIsComparedWithWhatServeSent(String scenario, String outcome, String alteration)
            throws Exception {
        try (var app = AppServer.start(ServeOptions.onFreePort())) {
            var answered = (ProbeResult.Answered) probe(app.port(), "/scenarios/" + scenario);

            var replayed = new Replay(RealParts.envoy()).replay(answered);

            var observed = replayed.replayed().orElseThrow();
            assertThat(observed.verdict().outcome().text()).isEqualTo(outcome);
            assertThat(observed.alterations())
                    .extracting(each -> "%s: %s -> %s".formatted(each.what(), each.sent(), each.arrived()))
                    .containsExactlyElementsOf(alteration == null ? List.of() : List.of(alteration));
        }
    }

    @Test
    void theRealEnvoySaysOfTheVeryBytesWhatTheModelSays() throws Exception {
        for (var response : List.of(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")) {
            var script = new WireScript(
                    WireScript.Protocol.HTTP_1,
                    List.of(new WireStep.ReadRequest(), new WireStep.Send(Bytes.latin1(response))));
            try (var origin = RawOrigin.play(script)) {
                var answered = (ProbeResult.Answered) probe(origin.address().getPort(), "/x");

                var observed = new Replay(RealParts.envoy())
                        .replay(answered)
                        .replayed()
                        .orElseThrow();

                assertThat(observed.verdict())
                        .isEqualTo(answered.exchanges().getFirst().verdict());
            }
        }
    }

    private void healthy(int port, List<String> command) throws IOException {
        var log = folder.resolve("log");
        try (var _ = SignalledProcess.start(log, Map.of(), command)) {
            await().atMost(PATIENCE).ignoreExceptions().until(() -> {
                try (var socket = new Socket(LOOPBACK, port)) {
                    return socket.isConnected();
                }
            });
            assertHealthy(port, "/");
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError(Printable.of(Files.readString(log)), e);
        }
    }

    /** The user's own cache of Go, if there is one: filling an empty cache takes a minute. */
    private static String goCache() {
        return System.getenv().getOrDefault("GOCACHE", System.getProperty("user.home") + "/.cache/go-build");
    }

    private static void assertHealthy(int port, String path) {
        var result = probe(port, path);
        assertThat(result.healthy()).as("%s", result).isTrue();
        assertThat(((ProbeResult.Answered) result).reuse()).isEqualTo(Reuse.REUSED);
    }

    private static ProbeResult probe(int port, String path) {
        return new Probe(
                        new ProbeRequest("GET", List.of(), Bytes.EMPTY),
                        new Limits(Duration.ofMinutes(1), 1 << 20, false),
                        "1.40.0")
                .one(Target.parse("http://127.0.0.1:" + port + path));
    }

    private Path file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }
}
