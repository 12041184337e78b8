// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import upstreamreset.testing.Cli;

/** What a person who gives one of the case captures to {@code inspect} gets: exit code, findings, totals. */
class CaseCapturesTest {
    private static final Path CAPTURES = Path.of("src/test/resources/captures");

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            01-drop-one-response-packet.pcap             | 3 |                               | 4 responses, 0 with findings; 1 gap
            01c-drop-one-of-300.pcap.gz                  | 3 |                               | 299 responses, 0 with findings; 1 gap
            03-hole-in-content-length-body.pcap          | 3 |                               | 3 responses, 0 with findings; 1 gap is in the capture; 1,000 bytes
            04-begins-with-a-response.pcap               | 0 |                               | 3 responses, 0 with findings; 1 connection begins in mid-stream
            05-snaplen-96.pcap                           | 3 |                               | 0 with findings; 2 segments are truncated by the capture
            07-server-side-only-hole.pcap                | 3 |                               | 2 responses, 0 with findings
            09-websocket-server-side-only.pcap           | 3 |                               | 1 response, 0 with findings
            10-smtp.pcap                                 | 0 |                               | 0 responses, 0 with findings; 1 connection is SMTP
            12-rtsp.pcap                                 | 0 |                               | 0 responses, 0 with findings; 1 connection is RTSP
            13-method-with-underscore.pcap               | 1 | duplicate-transfer-encoding   | 1 response, 1 with findings
            13c-garbage-request-400.pcap                 | 1 | duplicate-transfer-encoding   | 1 response, 1 with findings
            13f-tls-to-plain-port.pcap                   | 1 | tls-to-plain-port             | 1 response, 1 with findings
            13f-tls-to-plain-port.pcap                   | 1 | duplicate-transfer-encoding   | 1 response, 1 with findings
            15-first-request-in-two-segments-then-rst.pcap | 1 | after its first request     | 1 response, 1 with findings
            16-challenge-ack-then-syn-again.pcap         | 0 |                               | 1 connection, 1 response, 0 with findings
            18-three-responses-to-one-request.pcap       | 1 | bytes-after-end (RFC 9112 §9.2) at byte 51 | 1 with findings
            20-client-fin-first-head-unended.pcap        | 1 | → 200, behind Envoy hangs - - | 1 response, 1 with findings
            21b-proxy-protocol-v2.pcap                   | 0 |                               | 2 responses, 0 with findings
            23-interim-with-content-length.pcap          | 1 | content-length-forbidden      | 1 response, 1 with findings
            23-interim-with-content-length.pcap          | 1 | resets-before 502 UPE         | 1 response, 1 with findings
            25-http2-preface-to-http1-server.pcap        | 1 | http2-to-http1-port           | 1 response, 1 with findings
            28b-408-on-idle-keepalive.pcap               | 0 | an idle time-out              | 2 responses, 0 with findings
            30-vxlan.pcap                                | 1 | duplicate-transfer-encoding   | 1 response, 1 with findings
            33-gre.pcap                                  | 1 | duplicate-transfer-encoding   | 1 response, 1 with findings
            36-snap.pcap                                 | 1 | duplicate-transfer-encoding   | 1 response, 1 with findings
            38-vlan4.pcap                                | 1 | duplicate-transfer-encoding   | 1 response, 1 with findings
            40-nflog.pcap                                | 1 | duplicate-transfer-encoding   | 1 response, 1 with findings
            60-two-pcaps-concatenated.pcap               | 1 | duplicate-transfer-encoding   | 2 connections, 2 responses, 2 with findings
            """)
    void isAnsweredWithTheTruth(String file, int code, String found, String totals) {
        var result = Cli.run("inspect", CAPTURES.resolve(file).toString());
        assertThat(result.exitCode()).isEqualTo(code);
        if (found == null) {
            assertThat(result.output()).isEmpty();
        } else {
            assertThat(result.output()).contains(found);
        }
        assertThat(result.errors()).contains(totals);
    }
}
