// SPDX-License-Identifier: Apache-2.0
package upstreamreset.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import upstreamreset.accesslog.AccessLogEntry;
import upstreamreset.accesslog.LogLines;
import upstreamreset.codec.OneSegment;
import upstreamreset.http1.CloseReason;
import upstreamreset.http1.RequestContext;
import upstreamreset.http1.ResponseReader;
import upstreamreset.verdict.Outcome;
import upstreamreset.wire.Bytes;

/** The report on a real Envoy follows from its log and its client, not from the model. */
class ReplayResultTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            X-A: b    | X-A: b   | 200 | -   | via_upstream | PASSES
            X-A: b    | X-A: c   | 200 | -   | via_upstream | DAMAGED
            X-A: a&rb | X-A: a b | 200 | -   | via_upstream | PASSES
            X-A: b    | X-C: d   | 502 | UPE | upstream_reset_before_response_started{protocol_error} | RESETS_BEFORE
            X-A: b    | X-A: b   | 504 | UT  | response_timeout | HANGS
            """)
    void theOutcomeIsObserved(String sent, String arrived, int status, String flags, String details, Outcome outcome) {
        var judged = ReplayResult.of(
                entry(status, flags, details),
                "why",
                "1.40.0",
                new ReplayResult.Sides(RequestContext.of("GET"), exchange(sent, "hi"), exchange(arrived, "hi"), 1));

        assertThat(judged.verdict().outcome()).isEqualTo(outcome);
        assertThat(judged.verdict().message()).isEqualTo("why");
        assertThat(judged.alterations().isEmpty()).isEqualTo(outcome != Outcome.DAMAGED);
    }

    @Test
    void aResponseThatTheClientGotInPartWasCut() {
        var judged = ReplayResult.of(
                entry(200, "UPE", LogLines.RESET_AFTER + "{protocol_error}"),
                "",
                "1.40.0",
                new ReplayResult.Sides(RequestContext.of("GET"), exchange("X-A: b", "hi"), exchange("X-A: b", "h"), 1));

        assertThat(judged.verdict().outcome()).isEqualTo(Outcome.RESETS_AFTER);
    }

    @ParameterizedTest
    @CsvSource({"1, PASSES", "0, REFUSED"})
    void whatTheServerWasNotAskedEnvoySaysByItself(int calls, Outcome outcome) {
        var judged = ReplayResult.of(
                entry(200, "-", "direct_response"),
                "",
                "1.40.0",
                new ReplayResult.Sides(
                        RequestContext.of("GET"), exchange("X-A: b", "hi"), exchange("X-A: b", "hi"), calls));

        assertThat(judged.verdict().outcome()).isEqualTo(outcome);
    }

    private static AccessLogEntry entry(int status, String flags, String details) {
        return LogLines.server().status(status).flags(flags).details(details).entry();
    }

    private static Exchange exchange(String field, String body) {
        var response = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n" + field.replace("&r", "\r") + "\r\n\r\n" + body;
        var bytes = response.getBytes(StandardCharsets.ISO_8859_1);
        return new Exchange(
                ResponseReader.read("GET", bytes, CloseReason.OPEN),
                Bytes.of(bytes),
                bytes.length,
                OneSegment.judge("1.40.0", "GET", bytes, CloseReason.OPEN),
                Duration.ZERO,
                Duration.ZERO,
                false,
                false);
    }
}
