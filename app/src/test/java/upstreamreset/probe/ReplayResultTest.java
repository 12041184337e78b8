// SPDX-License-Identifier: Apache-2.0
package upstreamreset.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import upstreamreset.accesslog.AccessLogEntry;
import upstreamreset.accesslog.AccessLogParser;
import upstreamreset.codec.EnvoyCodec;
import upstreamreset.http1.CloseReason;
import upstreamreset.http1.RequestContext;
import upstreamreset.http1.ResponseReader;
import upstreamreset.verdict.Outcome;
import upstreamreset.wire.Bytes;

/** What is said of an Envoy is what its log and its client show, whatever the model thinks. */
class ReplayResultTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            X-A: b    | X-A: b  | via_upstream | PASSES
            X-A: b    | X-A: c  | via_upstream | DAMAGED
            X-A: a&rb | X-A: a b | via_upstream | PASSES
            X-A: b    | X-Envoy-Upstream-Service-Time: 1 | upstream_reset_after_response_started{protocol_error} | RESETS_AFTER
            X-A: b    | X-C: d  | upstream_reset_before_response_started{protocol_error} | RESETS_BEFORE
            """)
    void theOutcomeIsObserved(String sent, String arrived, String details, Outcome outcome) {
        var judged = new ReplayResult(RequestContext.of("GET"), exchange(sent), exchange(arrived), true)
                .judge(entry(details), "http/1.1 protocol error: why", "1.40.0");

        assertThat(judged.verdict().outcome()).isEqualTo(outcome);
        assertThat(judged.verdict().message()).isEqualTo("why");
    }

    @ParameterizedTest
    @CsvSource({"true, PASSES", "false, REFUSED"})
    void whatTheServerWasNotAskedEnvoySaysByItself(boolean forwarded, Outcome outcome) {
        var judged = new ReplayResult(RequestContext.of("GET"), exchange("X-A: b"), exchange("X-A: b"), forwarded)
                .judge(entry("route_not_found"), "", "1.40.0");

        assertThat(judged.verdict().outcome()).isEqualTo(outcome);
    }

    private static AccessLogEntry entry(String details) {
        var line = "[2026-11-22T21:49:51.956Z] \"GET /x HTTP/1.1\" 200 - " + details
                + " - \"-\" 0 87 498 - \"-\" \"upstream-reset\" \"5737bac8\" \"http-chunked:8080\" \"127.0.0.1:43427\""
                + " inbound|8080|| 127.0.0.6:56872 127.0.0.1:44103 127.0.0.1:44116 - default";
        return (AccessLogEntry) AccessLogParser.istio().parse(line);
    }

    private static Exchange exchange(String field) {
        var response = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n" + field.replace("&r", "\r") + "\r\n\r\nhi";
        var bytes = response.getBytes(StandardCharsets.ISO_8859_1);
        return new Exchange(
                ResponseReader.read("GET", bytes, CloseReason.OPEN),
                Bytes.of(bytes),
                bytes.length,
                EnvoyCodec.judge("1.40.0", "GET", bytes, CloseReason.OPEN),
                Duration.ZERO,
                false);
    }
}
