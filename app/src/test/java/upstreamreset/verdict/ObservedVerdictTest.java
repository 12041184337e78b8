// SPDX-License-Identifier: Apache-2.0
package upstreamreset.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import upstreamreset.accesslog.LogField;
import upstreamreset.accesslog.LogLines;
import upstreamreset.accesslog.LoggedExchange;
import upstreamreset.http1.CloseReason;
import upstreamreset.http1.FramingReport;
import upstreamreset.http1.ResponseReader;

/** Verdicts without a scenario; {@code CatalogueOutcomeTest} has those of the catalogue. */
class ObservedVerdictTest {
    private static final String TERMINATED_LATE = LogLines.RESET_AFTER + "{connection_termination}";

    @ParameterizedTest
    @CsvSource({
        "500, ZZ,  never_heard_of, UNKNOWN",
        "500, -,   never_heard_of, UNKNOWN",
        "200, UH,  no_healthy_upstream, REFUSED",
        "200, UPE, upstream_reset_before_response_started{protocol_error}, RESETS_BEFORE",
        "200, -,   upstream_reset_after_response_started{protocol_error}, RESETS_AFTER",
        "403, -,   rbac_access_denied_matched_policy[none], REFUSED",
        "503, UO,  -, REFUSED",
        "503, UF,  -, RESETS_BEFORE",
        "502, UPE, -, RESETS_BEFORE",
        "200, UPE, -, RESETS_AFTER",
        "504, UT,  -, HANGS",
        "404, -,   direct_response, PASSES",
        "302, -,   internal_redirect, PASSES",
        "200, RFCF, via_upstream, PASSES",
        "101, UC,  upstream_reset_after_response_started{connection_termination}, PASSES",
    })
    void aLineAloneTells(int status, String flags, String details, Outcome outcome) {
        assertThat(byLine(LogLines.server().status(status).flags(flags).details(details)))
                .isEqualTo(outcome);
    }

    @Test
    void afterAnInterimResponseTheClientGotEnvoysOwnReply() {
        var line = LogLines.server().status(503).flags("UC").details(TERMINATED_LATE);
        assertThat(byLine(line.bytes(95))).isEqualTo(Outcome.RESETS_BEFORE);
        assertThat(byLine(line.bytes(95 + 23))).as("retried").isEqualTo(Outcome.RESETS_BEFORE);
        assertThat(byLine(line.bytes(4096))).as("the app's own 503, cut").isEqualTo(Outcome.RESETS_AFTER);
        assertThat(byLine(line.with(LogField.BYTES_SENT, "-"))).isEqualTo(Outcome.RESETS_AFTER);
    }

    @Test
    void aTcpConnectionHasNoResponse() {
        var tcp = LogLines.server().status(0).with(LogField.METHOD, "-").with(LogField.PATH, "-");
        assertThat(byLine(tcp.flags("UF").details("-"))).isEqualTo(Outcome.UNKNOWN);
        assertThat(byLine(tcp.flags("-").details("-"))).isEqualTo(Outcome.PASSES);
    }

    @ParameterizedTest
    @CsvSource({
        "200, -,  via_upstream, hi, true, PASSES",
        "200, -,  via_upstream, hi, false, DAMAGED",
        "200, -,  via_upstream, h, true, HANGS",
        "200, LR, upstream_reset_after_response_started{HTTP/1_premature_upstream_half_close}, hi, true, PASSES",
        "200, LR, upstream_reset_after_response_started{HTTP/1_premature_upstream_half_close}, h, false, RESETS_AFTER",
        "200, UC, upstream_reset_after_response_started{connection_termination}, h, false, RESETS_AFTER",
        "503, UC, upstream_reset_after_response_started{connection_termination}, hi, false, RESETS_BEFORE",
        "200, UC, upstream_reset_after_response_started{connection_termination}, hi, false, RESETS_AFTER",
        "200, UT, response_timeout, h, false, RESETS_AFTER",
        "200, UT, response_timeout, hi, false, HANGS",
        "500, ZZ, never_heard_of, hi, false, UNKNOWN",
    })
    void whatTheClientGotTellsMore(
            int status, String flags, String details, String body, boolean asSent, Outcome outcome) {
        var entry =
                LogLines.server().status(status).flags(flags).details(details).entry();
        assertThat(ObservedVerdict.of(
                                entry,
                                "",
                                "1.40.0",
                                new ObservedVerdict.Seen(1, client(body, CloseReason.OPEN), asSent))
                        .outcome())
                .isEqualTo(outcome);
    }

    /** Envoy 1.40 gets an HTTP/2 204 with DATA: its HTTP/1 client gets the 204, and cannot see that it was cut. */
    @Test
    void aBodilessResponseIsCutAlthoughTheClientHasAllOfIt() {
        var bytes = "HTTP/1.1 204 No Content\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        var seen = new ObservedVerdict.Seen(1, ResponseReader.read("GET", bytes, CloseReason.FIN), true);
        var entry = LogLines.server()
                .status(204)
                .details(LogLines.RESET_AFTER + "{protocol_error}")
                .entry();
        assertThat(ObservedVerdict.of(entry, "", "1.40.0", seen).outcome()).isEqualTo(Outcome.RESETS_AFTER);
    }

    @Test
    void aReplyOfEnvoysToAGrpcCallBehindAnInterimResponseIsNoCutResponse() {
        var bytes =
                "HTTP/1.1 200 OK\r\ngrpc-status: 14\r\ncontent-length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        var seen = new ObservedVerdict.Seen(1, ResponseReader.read("POST", bytes, CloseReason.OPEN), false);
        var entry = LogLines.server()
                .status(200)
                .flags("UC")
                .details(TERMINATED_LATE)
                .bytes(0)
                .with(LogField.UPSTREAM_SERVICE_TIME, "-")
                .with(LogField.METHOD, "POST")
                .with(LogField.PROTOCOL, "HTTP/2")
                .with(LogField.PATH, "/hello.Greeter/SayHello")
                .entry();
        assertThat(ObservedVerdict.of(entry, "", "1.40.0", seen).outcome()).isEqualTo(Outcome.RESETS_BEFORE);
    }

    @Test
    void whatEnvoyClosedInTheMiddleIsDamaged() {
        var seen = new ObservedVerdict.Seen(1, client("h", CloseReason.FIN), false);
        assertThat(ObservedVerdict.of(LogLines.server().passedOn(200).entry(), "", "1.40.0", seen)
                        .outcome())
                .isEqualTo(Outcome.DAMAGED);
    }

    @Test
    void anAppThatWasNotAskedIsRefusedUnlessTheConnectionFailed() {
        var seen = new ObservedVerdict.Seen(0, client("hi", CloseReason.OPEN), false);
        var refused = LogLines.server().passedOn(200).details("a_filter").entry();
        assertThat(ObservedVerdict.of(refused, "", "1.40.0", seen).outcome()).isEqualTo(Outcome.REFUSED);
        var failed = LogLines.server()
                .status(503)
                .flags("UF")
                .details(LogLines.RESET_BEFORE + "{remote_connection_failure}")
                .entry();
        assertThat(ObservedVerdict.of(failed, "", "1.40.0", seen).outcome()).isEqualTo(Outcome.RESETS_BEFORE);
    }

    @Test
    void theVerdictIsInTheWordsOfTheLine() {
        var verdict = ObservedVerdict.of(LoggedExchange.of(LogLines.server().entry()), "a reason");
        assertThat(verdict)
                .isEqualTo(new Verdict(
                        Outcome.RESETS_BEFORE, 502, "UPE", LogLines.RESET_BEFORE + "{protocol_error}", "a reason", ""));
    }

    private static Outcome byLine(LogLines line) {
        return ObservedVerdict.of(LoggedExchange.of(line.entry()), "").outcome();
    }

    private static FramingReport client(String body, CloseReason end) {
        var bytes = ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n" + body).getBytes(StandardCharsets.US_ASCII);
        return ResponseReader.read("GET", bytes, end);
    }
}
