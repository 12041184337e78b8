// SPDX-License-Identifier: Apache-2.0
package upstreamreset.gallery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;
import upstreamreset.envoy.EnvoyBootstrap;
import upstreamreset.envoy.EnvoyProcess;
import upstreamreset.envoy.Sidecar;
import upstreamreset.framework.Framework;
import upstreamreset.framework.Recipe;
import upstreamreset.http1.Rule;
import upstreamreset.scenario.ConfigEdit;
import upstreamreset.testing.RealParts;

/** What the mesh's recipes patch makes a real Envoy take what it refused. What istiod makes of the YAML is not run here. */
class MeshRecipesIT {
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

    @ParameterizedTest
    @CsvSource({"HEAD_TOO_LARGE, 1, 100000", "TOO_MANY_FIELDS, 150, 10"})
    void aRaisedLimitLetsTheHeadPass(Rule rule, int fields, int length) throws Exception {
        var line = "X-Field: " + "x".repeat(length) + "\r\n";
        var response = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n" + line.repeat(fields) + "\r\n";
        try (var app = new App(response)) {
            assertThat(status(app, List.of())).isEqualTo("502");
            assertThat(status(app, List.of(patch(rule)))).isEqualTo("200");
        }
    }

    /** The app drops a connection of its own that is asked again, as one does whose own limit has just passed. */
    @Test
    void aShorterIdleTimeoutKeepsKeepAliveFromRacing() throws Exception {
        assertThat(String.join(" ", recipe(Rule.NO_RESPONSE).after())).contains("http: {idleTimeout: 4s}");
        try (var app = new App("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")) {
            assertThat(twice(app, List.of())).isEqualTo("503");
            var shorter = new ConfigEdit(
                    ConfigEdit.Part.CLUSTER, "{\"commonHttpProtocolOptions\":{\"idleTimeout\":\"0.1s\"}}");
            assertThat(twice(app, List.of(shorter))).isEqualTo("200");
        }
    }

    private static Recipe recipe(Rule rule) {
        return Recipe.of(Framework.ISTIO, rule).orElseThrow();
    }

    /** The patch of the recipe's EnvoyFilter, as istiod merges it into the app's cluster. */
    private static ConfigEdit patch(Rule rule) {
        JsonNode filter =
                new YAMLMapper().readTree(String.join("\n", recipe(rule).after()));
        var patch = filter.path("spec").path("configPatches").path(0);
        assertThat(patch.path("applyTo").asString()).isEqualTo("CLUSTER");
        return new ConfigEdit(
                ConfigEdit.Part.CLUSTER, patch.path("patch").path("value").toString());
    }

    private static EnvoyProcess envoy(App app, List<ConfigEdit> edits) throws IOException, InterruptedException {
        var sidecar = new Sidecar(Sidecar.INBOUND, new Sidecar.App(app.address()), edits);
        return EnvoyProcess.start(RealParts.envoy(), new EnvoyBootstrap(List.of(sidecar)));
    }

    private static String status(App app, List<ConfigEdit> edits) throws IOException, InterruptedException {
        try (var envoy = envoy(app, edits)) {
            return ask(envoy.inbound());
        }
    }

    /** The second answer; with a timeout, once Envoy has given the connection up. */
    private static String twice(App app, List<ConfigEdit> edits) throws IOException, InterruptedException {
        try (var envoy = envoy(app, edits)) {
            int before = app.closedByEnvoy.get();
            assertThat(ask(envoy.inbound())).isEqualTo("200");
            if (!edits.isEmpty()) {
                await().until(() -> app.closedByEnvoy.get() > before);
            }
            return ask(envoy.inbound());
        }
    }

    private static String ask(InetSocketAddress address) throws IOException {
        try (var socket = new Socket(address.getAddress(), address.getPort())) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream()
                    .write("POST / HTTP/1.1\r\nHost: app\r\nContent-Length: 0\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            var head =
                    new String(socket.getInputStream().readNBytes("HTTP/1.1 200".length()), StandardCharsets.US_ASCII);
            return head.substring(head.length() - 3);
        }
    }

    /** Answers the first request on each connection, and closes it at the second. */
    private static final class App implements AutoCloseable {
        private final ServerSocket server = new ServerSocket(0, 50, LOOPBACK);
        private final AtomicInteger closedByEnvoy = new AtomicInteger();
        private final byte[] response;

        App(String response) throws IOException {
            this.response = response.getBytes(StandardCharsets.US_ASCII);
            Thread.ofVirtual().start(this::accept);
        }

        InetSocketAddress address() {
            return new InetSocketAddress(LOOPBACK, server.getLocalPort());
        }

        private void accept() {
            while (!server.isClosed()) {
                try {
                    var socket = server.accept();
                    Thread.ofVirtual().start(() -> serve(socket));
                } catch (IOException e) {
                    return; // closed
                }
            }
        }

        private void serve(Socket socket) {
            try (socket) {
                if (socket.getInputStream().read(new byte[8192]) > 0) {
                    socket.getOutputStream().write(response);
                    if (socket.getInputStream().read(new byte[8192]) < 0) {
                        closedByEnvoy.incrementAndGet();
                    }
                }
            } catch (IOException e) {
                closedByEnvoy.incrementAndGet();
            }
        }

        @Override
        public void close() throws IOException {
            server.close();
        }
    }
}
