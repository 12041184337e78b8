// SPDX-License-Identifier: Apache-2.0
package upstreamreset.envoy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import upstreamreset.capture.CaptureReader;
import upstreamreset.inspect.InspectedResponse;
import upstreamreset.inspect.Inspection;
import upstreamreset.scenario.ConfigEdit;
import upstreamreset.tcp.StreamAssembler;
import upstreamreset.testing.RealParts;

/** A port whose name is wrong: what inspect says that Envoy makes of it, a real Envoy makes of the same server. */
class MisdirectedIT {
    private static final String TLS = """
            {"transportSocket":{"name":"envoy.transport_sockets.tls","typedConfig":{
            "@type":"type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext"}}}
            """;
    private static final String HTTP2 = """
            {"typedExtensionProtocolOptions":{"envoy.extensions.upstreams.http.v3.HttpProtocolOptions":{
            "@type":"type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions",
            "explicitHttpConfig":{"http2ProtocolOptions":{}}}}}
            """;
    private static final String ANSWER = """
            HTTP/1.1 400 Bad Request\r
            Transfer-Encoding: chunked\r
            Transfer-Encoding: chunked\r
            Connection: close\r
            \r
            0\r
            \r
            """;

    @ParameterizedTest
    @CsvSource({"13f-tls-to-plain-port, true", "25-http2-preface-to-http1-server, false"})
    void theVerdictIsTheRealEnvoys(String capture, boolean tls) throws Exception {
        // Given
        var said = inspected(capture).judged().envoy();
        var edit = new ConfigEdit(ConfigEdit.Part.CLUSTER, tls ? TLS : HTTP2);
        try (var app = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> refuse(app));
            var address = (InetSocketAddress) app.getLocalSocketAddress();
            var sidecar = new Sidecar(Sidecar.INBOUND, new Sidecar.App(address), List.of(edit));
            try (var envoy =
                    EnvoyProcess.start(RealParts.envoy(said.version()), new EnvoyBootstrap(List.of(sidecar)))) {
                int mark = envoy.output().mark();
                // When
                var answer = CannedApp.get(envoy.inbound(), "plain:8080", "/");
                // Then
                assertThat(answer).startsWith("HTTP/1.1 " + said.status() + " ");
                var line = envoy.output()
                        .awaitAccessLog(mark, 1, Duration.ofMinutes(1))
                        .getFirst();
                // The sidecar asks again, also in vain, and says so first.
                assertThat(line.replace(" URX,", " "))
                        .contains("\" " + said.status() + " " + said.flags() + " " + said.details() + " ");
            }
        }
    }

    private static InspectedResponse inspected(String capture) throws IOException {
        var found = new ArrayList<InspectedResponse>();
        try (var in =
                Objects.requireNonNull(MisdirectedIT.class.getResourceAsStream("/captures/" + capture + ".pcap"))) {
            new CaptureReader(capture).read(in, new StreamAssembler(new Inspection("1.40.0", true, found::add)));
        }
        return found.getFirst();
    }

    /** Answers whatever comes first on a connection. */
    private static void refuse(ServerSocket app) {
        while (!app.isClosed()) {
            try (var client = app.accept()) {
                if (client.getInputStream().read(new byte[4_096]) > 0) {
                    client.getOutputStream().write(ANSWER.getBytes(StandardCharsets.ISO_8859_1));
                    client.shutdownOutput();
                    client.getInputStream().readAllBytes();
                }
            } catch (IOException e) {
                if (!app.isClosed()) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }
}
