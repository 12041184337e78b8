// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import upstreamreset.accesslog.LogFormat;
import upstreamreset.testing.Cli;
import upstreamreset.testing.RealParts;
import upstreamreset.testing.SignalledProcess;

/** What a real Envoy logs of requests that it refuses by itself, and whether {@code explain} knows that the app was not asked. */
class RefusalsIT {
    private static final Path CONFIG = Path.of("src/test/resources/explain/refusing-envoy.json");
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @TempDir
    private Path folder;

    private final ObjectMapper json = new ObjectMapper();

    @Test
    void explainKnowsHowOftenTheAppWasAsked() throws Exception {
        var asked = new AtomicInteger();
        var app = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        app.createContext("/", exchange -> {
            asked.incrementAndGet();
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        app.start();
        try (var _ = start(app.getAddress().getPort())) {
            // When
            int port = listener();
            var paths = List.of(
                    "/denied", "/faulty", "/blocked", "/configured", "/nowhere", "/limited", "/limited", "/fine");
            for (var path : paths) {
                get(port, path);
            }
            raw(port, "GET /old HTTP/1.0\r\nHost: a\r\n\r\n");
            raw(port, "GET /nameless HTTP/1.1\r\n\r\n");
            var log = folder.resolve("access.log");
            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(() -> Files.exists(log) && Files.readAllLines(log).size() == paths.size() + 2);

            // Then
            var lines = Stream.concat(Stream.of("explain", "--output", "json", "--"), Files.readAllLines(log).stream());
            var explained = new HashMap<String, JsonNode>();
            int ran = 0;
            for (var line :
                    Cli.run(lines.toArray(String[]::new)).output().lines().toList()) {
                var node = json.readTree(line);
                explained.put(node.at("/request/target").asString() + node.at("/status"), node);
                ran += node.at("/appRan").asInt(0);
            }
            refused(explained, "/denied403", "server", "-", "rbac_access_denied_matched_policy");
            refused(explained, "/faulty503", "server", "FI", "fault_filter_abort");
            refused(explained, "/limited429", "server", "RL", "local_rate_limited");
            refused(explained, "/nowhere503", "proxy", "NC", "cluster_not_found");
            refused(explained, "/blocked502", "proxy", "-", "direct_response");
            assertThat(of(explained, "/blocked502").at("/causes/0/cause").asString())
                    .contains("ServiceEntry");
            assertThat(of(explained, "/configured404").at("/verdict").asString())
                    .isEqualTo("nothing failed: the route itself answered 404");
            assertThat(ran).as("%s", explained.values()).isEqualTo(asked.get()).isEqualTo(2);
        } finally {
            app.stop(0);
        }
    }

    private static JsonNode of(Map<String, JsonNode> explained, String request) {
        return Objects.requireNonNull(explained.get(request), () -> request + " is not among " + explained.keySet());
    }

    private static void refused(
            Map<String, JsonNode> explained, String request, String hop, String flags, String details) {
        var node = of(explained, request);
        assertThat(node.at("/hop").asString()).as(request).isEqualTo(hop);
        assertThat(node.at("/envoy/flags").asString()).as(request).isEqualTo(flags);
        assertThat(node.at("/envoy/details").asString()).as(request).startsWith(details);
        assertThat(node.at("/verdict").asString())
                .as(request)
                .endsWith("made this %s itself; its upstream never got the request".formatted(node.at("/status")));
        assertThat(node.at("/appRan").asInt(0)).as(request).isZero();
    }

    private SignalledProcess start(int appPort) throws IOException, InterruptedException {
        var config = folder.resolve("envoy.json");
        Files.writeString(
                config,
                Files.readString(CONFIG)
                        .replace("ACCESS_LOG", folder.resolve("access.log").toString())
                        .replace(
                                "LOG_FORMAT",
                                LogFormat.ISTIO.replace("\"", "\\\"").strip() + "\\n")
                        .replace("\"APP_PORT\"", Integer.toString(appPort)));
        return SignalledProcess.start(
                folder.resolve("envoy.log"),
                Map.of(),
                List.of(
                        RealParts.envoy().path().toString(),
                        "--config-path",
                        config.toString(),
                        "--admin-address-path",
                        folder.resolve("admin").toString(),
                        "--disable-hot-restart",
                        "--concurrency",
                        "1",
                        "--file-flush-interval-msec",
                        "10"));
    }

    private int listener() {
        return Awaitility.await()
                .atMost(PATIENCE)
                .ignoreExceptions()
                .until(
                        () -> {
                            var admin = URI.create(
                                    "http://" + Files.readString(folder.resolve("admin")) + "/listeners?format=json");
                            var listeners = HttpClient.newHttpClient()
                                    .send(HttpRequest.newBuilder(admin).build(), BodyHandlers.ofString());
                            return json.readTree(listeners.body())
                                    .at("/listener_statuses/0/local_address/socket_address/port_value")
                                    .asInt();
                        },
                        port -> port > 0);
    }

    private static void get(int port, String path) throws IOException, InterruptedException {
        var uri = URI.create("http://127.0.0.1:" + port + path);
        HttpClient.newHttpClient().send(HttpRequest.newBuilder(uri).build(), BodyHandlers.discarding());
    }

    private static void raw(int port, String request) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            assertThat(socket.getInputStream().read()).isPositive();
        }
    }
}
