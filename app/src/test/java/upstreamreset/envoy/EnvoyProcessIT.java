// SPDX-License-Identifier: Apache-2.0
package upstreamreset.envoy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import upstreamreset.envoy.install.EnvoyException;
import upstreamreset.scenario.ConfigEdit;
import upstreamreset.testing.RealParts;

/** The sidecars, run by a real Envoy. */
class EnvoyProcessIT {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

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
                    .containsExactly("unsupported transfer encoding");
            assertThat(app.requests).hasValue(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.36.2", "1.40.0"})
    void theClientsSidecarSeesAComplete502(String version) throws Exception {
        // Given
        try (var app = new CannedApp(CannedApp.WRONG);
                var envoy = EnvoyProcess.start(
                        RealParts.envoy(),
                        new EnvoyBootstrap(
                                List.of(Sidecar.inbound(app.address()), Sidecar.outbound(Sidecar.INBOUND))))) {
            int mark = envoy.output().mark();

            // When
            var answer = CannedApp.get(envoy.listener(Sidecar.OUTBOUND), "http-chunked:8080", "/wrong");

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

    @Test
    void aRightResponsePassesAndTheCodecSaysNothing() throws Exception {
        try (var app = new CannedApp(CannedApp.RIGHT);
                var envoy = EnvoyProcess.start(RealParts.envoy(), EnvoyBootstrap.inbound(app.address()))) {
            int mark = envoy.output().mark();

            var answer = CannedApp.get(envoy.inbound(), "http-chunked:8080", "/");

            assertThat(answer).startsWith("HTTP/1.1 200 OK\r\n").endsWith("\r\n\r\nok\n");
            assertThat(envoy.output()
                            .awaitAccessLog(mark, line -> line.contains("\"GET / HTTP/1.1\" 200 - "), PATIENCE))
                    .contains(" via_upstream ");
            assertThat(envoy.output().codecMessages(mark))
                    .noneMatch(message -> message.reason().isPresent());
        }
    }

    @Test
    void anEditInEnvoysOwnWordsChangesWhatItDoes() throws Exception {
        // Given: a policy under which the proxy next to the app repeats the request
        var retry = new ConfigEdit(
                ConfigEdit.Part.ROUTE, "{\"route\":{\"retryPolicy\":{\"retryOn\":\"5xx\",\"numRetries\":1}}}");
        try (var app = new CannedApp(CannedApp.WRONG);
                var envoy = EnvoyProcess.start(
                        RealParts.envoy(),
                        new EnvoyBootstrap(List.of(
                                Sidecar.inbound(app.address()),
                                new Sidecar("retried", new Sidecar.App(app.address()), List.of(retry)))))) {
            // When
            var answer = CannedApp.get(envoy.listener("retried"), "http-chunked:8080", "/wrong");

            // Then
            assertThat(answer).startsWith("HTTP/1.1 502 ").contains("retried and the latest reset reason");
            assertThat(app.requests).hasValue(2);
            assertThat(envoy.admin().stats("upstream_rq_retry$"))
                    .containsEntry("cluster.inbound|8080||retried;.upstream_rq_retry", 1L)
                    .containsEntry("cluster.inbound|8080||;.upstream_rq_retry", 0L);
        }
    }

    @Test
    void theAdminInterfaceShowsTheConfiguration() throws Exception {
        try (var app = new CannedApp(CannedApp.WRONG);
                var envoy = EnvoyProcess.start(RealParts.envoy(), EnvoyBootstrap.inbound(app.address()))) {
            assertThat(envoy.admin().ready()).isTrue();
            assertThat(envoy.admin().listeners()).containsOnlyKeys(Sidecar.INBOUND);
            assertThat(envoy.admin().get("/config_dump?include_eds")).contains("\"inbound|8080||\"");
            assertThatThrownBy(() -> envoy.admin().get("/nothing"))
                    .hasMessageStartingWith("Envoy's admin interface answered GET /nothing with 404: ");
        }
    }

    @Test
    void anEnvoyThatRefusesItsConfigurationShowsItsLastWords() {
        var bootstrap = new EnvoyBootstrap(List.of(new Sidecar(
                Sidecar.INBOUND,
                new Sidecar.App(new InetSocketAddress(InetAddress.getLoopbackAddress(), 9)),
                List.of(new ConfigEdit(ConfigEdit.Part.CLUSTER, "{\"lbPolicy\":\"CLUSTER_PROVIDED\"}")))));

        assertThatThrownBy(
                        () -> EnvoyProcess.start(RealParts.envoy(), bootstrap).close())
                .isInstanceOf(EnvoyException.class)
                .hasMessageStartingWith("Envoy 1.40.0 (")
                .hasMessageContaining(") ended before it was ready. Its last words: ")
                .hasMessageContaining("cluster provided LB specified but cluster 'inbound|8080||' did not provide one");
    }

    @Test
    void anEnvoyThatDiesLaterShowsItsLastWordsToWhoWaits() throws Exception {
        try (var envoy = EnvoyProcess.start(
                RealParts.envoy(),
                EnvoyBootstrap.inbound(new InetSocketAddress(InetAddress.getLoopbackAddress(), 9)))) {
            ProcessHandle.of(envoy.process().pid()).orElseThrow().destroyForcibly();

            assertThatThrownBy(() -> envoy.output().awaitAccessLog(0, 1, PATIENCE))
                    .hasMessageStartingWith("Envoy ended before it wrote 1 access-log lines. ");
            assertThat(envoy.output().ended()).isTrue();
        }
    }

    @Test
    void anAccessLogLineThatDoesNotComeIsAnErrorAndNotAHang() throws Exception {
        try (var envoy = EnvoyProcess.start(
                RealParts.envoy(),
                EnvoyBootstrap.inbound(new InetSocketAddress(InetAddress.getLoopbackAddress(), 9)))) {
            assertThatThrownBy(() -> envoy.output().awaitAccessLog(0, 1, Duration.ofMillis(50)))
                    .hasMessage("Envoy wrote 0 access-log lines within 50 ms, where 1 access-log lines was expected");
        }
    }
}
