// SPDX-License-Identifier: Apache-2.0
package upstreamreset.envoy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import upstreamreset.testing.RealParts;

/** The sidecars, run by a real Envoy. */
class EnvoyProcessIT {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @ParameterizedTest
    @ValueSource(strings = {"1.36.2", "1.36.4", "1.37.0", "1.38.3", "1.39.3", "1.40.0"})
    void theDoubledHeaderIsA502ProtocolErrorInTheAppsSidecar(String version) throws Exception {
        // Given
        try (var app = new CannedApp(CannedApp.WRONG);
                var envoy = EnvoyProcess.start(RealParts.envoy(version), EnvoyBootstrap.inbound(app.address()))) {
            int mark = envoy.output().mark();

            // When
            var answer = CannedApp.get(envoy.inbound(), "http-chunked:8080", "/wrong");

            // Then
            assertThat(answer)
                    .startsWith("HTTP/1.1 502 Bad Gateway\r\n")
                    .contains("\r\nserver: istio-envoy\r\n")
                    .endsWith(
                            "upstream connect error or disconnect/reset before headers. reset reason: protocol error");
            assertThat(envoy.output().awaitAccessLog(mark, 1, PATIENCE))
                    .singleElement()
                    .asString()
                    .contains(
                            "\"GET /wrong HTTP/1.1\" 502 UPE upstream_reset_before_response_started{protocol_error} - \"-\" 0 87 ")
                    .contains(" inbound|8080|| 127.0.0.6:");
            assertThat(envoy.output().codecMessages(mark).stream().flatMap(message -> message.reason().stream()))
                    .containsExactly("http/1.1 protocol error: unsupported transfer encoding");
            assertThat(app.requests).hasValue(1);
        }
    }

    @Test
    void theClientsSidecarSeesAComplete502() throws Exception {
        // Given
        try (var app = new CannedApp(CannedApp.WRONG);
                var envoy = EnvoyProcess.start(
                        RealParts.envoy(), EnvoyBootstrap.inbound(app.address()).withClientSidecar())) {
            int mark = envoy.output().mark();

            // When
            var answer = CannedApp.get(envoy.outbound(), "http-chunked:8080", "/wrong");

            // Then
            assertThat(answer).startsWith("HTTP/1.1 502 Bad Gateway\r\n").contains("\r\nserver: envoy\r\n");
            assertThat(envoy.output().awaitAccessLog(mark, 2, PATIENCE))
                    .satisfiesExactlyInAnyOrder(
                            line -> assertThat(line)
                                    .contains(" 502 UPE upstream_reset_before_response_started{protocol_error} ")
                                    .contains(" inbound|8080|| "),
                            line -> assertThat(line)
                                    .contains("\" 502 - via_upstream - ")
                                    .contains(" outbound|8080||http-chunked.default.svc.cluster.local "));
            assertThat(app.requests).hasValue(1);
        }
    }
}
