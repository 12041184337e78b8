// SPDX-License-Identifier: Apache-2.0
package upstreamreset.explain;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import upstreamreset.accesslog.AmbientConnection;
import upstreamreset.accesslog.LogLine;
import upstreamreset.accesslog.LogReader;

/** A line of ztunnel says which side wrote it and what its error proves. */
class AmbientCauseTest {
    private static final String LINE = "2024-10-29T17:39:45.936188Z error access connection complete"
            + " src.addr=192.168.14.52:36166 src.workload=\"web-76f7f5c69d-r2774\" src.namespace=\"front\""
            + " dst.addr=192.168.152.170:%d dst.hbone_addr=192.168.152.170:5175 dst.workload=\"api-7dc4469cf6-6qm6b\""
            + " dst.namespace=\"back\" direction=\"%s\" bytes_sent=0 bytes_recv=0 duration=\"3ms\" error=\"%s\"";
    private static final String JSON =
            "{\"level\":\"error\",\"time\":\"2024-10-29T17:39:45.936188Z\",\"scope\":\"access\","
                    + "\"message\":\"connection complete\",\"src.addr\":\"192.168.14.52:36166\",\"src.workload\":\"web-76f7f5c69d-r2774\","
                    + "\"src.namespace\":\"front\",\"dst.addr\":\"192.168.152.170:%d\",\"dst.workload\":\"api-7dc4469cf6-6qm6b\","
                    + "\"dst.namespace\":\"back\",\"direction\":\"%s\",\"bytes_sent\":0,\"bytes_recv\":0,\"duration\":\"3ms\","
                    + "\"error\":\"%s\"}";

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
                outbound; 15008; io error: Connection refused (os error 111);      ambient-hbone-refused
                outbound; 15008; connection failed: Connection refused (os error 111); ambient-hbone-refused
                outbound; 8080;  connection failed: Connection refused (os error 111); ambient-refused
                inbound;  8080;  connection failed: Connection refused (os error 111); ambient-refused
                outbound; 15008; connection failed: No route to host (os error 113); ambient-no-route
                outbound; 15008; connection timed out, maybe a NetworkPolicy is blocking HBONE port 15008: deadline has elapsed; ambient-connect-timeout
                inbound;  8080;  connection closed due to policy rejection: allow policies exist, but none allowed; ambient-policy-denied
                inbound;  8080;  connection closed due to policy rejection: explicitly denied by: back/deny-all; ambient-policy-denied
                inbound;  8080;  connection closed due to policy rejection: explicitly denied by: istio-system/istio_converted_static_strict; strict-mtls
                inbound;  8080;  connection closed due to policy rejection: explicitly denied by: back/converted_peer_authentication_default; strict-mtls
                inbound;  15008; connection closed due to policy rejection: workload not found; ambient-unknown-destination
                outbound; 15008; send: h2 failed: stream error received: unspecific protocol error detected; ambient-tunnel-broke
                inbound;  8080;  receive: destination disconnected before all data was written; ambient-destination-closed
                outbound; 8080;  failed to fetch information about local workload: web; ambient-unknown-source
                outbound; 15008; unknown network gateway: cluster-2;               ambient-no-waypoint
                outbound; 8080;  requested service api.back.svc.cluster.local:8080 found, but cannot resolve port; ambient-no-endpoint
                outbound; 8080;  no endpoints for workload: api;                   ambient-no-endpoint
                outbound; 15008; http status: 401 Unauthorized;                    ambient-connect-denied
                outbound; 15008; http status: 503 Service Unavailable;             ambient-connect-refused
                outbound; 8080;  no healthy upstream: 10.96.0.7:8080;              ambient-no-endpoint
                outbound; 8080;  unknown source: 10.244.0.9;                       ambient-unknown-source
                outbound; 15008; tls error: tls handshake error;                   ambient-tls
                outbound; 15008; identity error: signing gRPC error;               ambient-no-certificate
                inbound;  8080;  receive: io error: Connection reset by peer (os error 104); ambient-reset
                inbound;  8080;  a connection whose dns, tls and send: words prove nothing; ambient-unknown
                """)
    void theErrorIsNamedInTextAndInJson(String direction, int port, String error, String id) {
        for (var format : new String[] {LINE, JSON}) {
            var connection = connection(format.formatted(port, direction, error));
            assertThat(AmbientCause.of(connection).id()).as(format).isEqualTo(id);
            assertThat(connection.outbound()).isEqualTo(direction.equals("outbound"));
            assertThat(connection.destination()).isEqualTo("back/api-7dc4469cf6-6qm6b");
        }
    }

    @Test
    void aSideThatTheLineDoesNotNameIsNotNamed() {
        var cut = LINE.formatted(15008, "outbound", "io error: Connection refused (os error 111)")
                .replace(" direction=\"outbound\"", "");
        assertThat(connection(cut).hasDirection()).isFalse();
        assertThat(AmbientCause.of(connection(cut)).id()).isEqualTo("ambient-refused");
    }

    @Test
    void aNameThatAShellWouldRunIsQuoted() {
        var hostile = LINE.formatted(15008, "outbound", "no healthy upstream")
                .replace("api-7dc4469cf6-6qm6b", "$(touch /tmp/x)");
        assertThat(AmbientCause.of(connection(hostile)).next()).endsWith(" | grep -F -- '$(touch /tmp/x)'");
    }

    private static AmbientConnection connection(String line) {
        return ((LogLine.Ambient) new LogReader().read(line)).connection();
    }
}
