// SPDX-License-Identifier: Apache-2.0
package upstreamreset.accesslog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import upstreamreset.accesslog.ParsedLine.Misfit;

class AccessLogParserTest {
    private static final String WRONG = "[2026-11-22T20:00:00.123Z] \"GET /wrong HTTP/1.1\" 502 UPE"
            + " upstream_reset_before_response_started{protocol_error} - \"-\" 0 87 3 - \"-\" \"curl/8.5.0\""
            + " \"4f7c3f0e-7d0a-9b3e-8a51-0c9d8b3a5c11\" \"http-chunked:8080\" \"10.244.0.7:8080\" inbound|8080||"
            + " 127.0.0.6:48357 10.244.0.7:8080 10.244.0.9:40012 - default";

    @Test
    void istiosLineIsReadFieldByField() {
        var entry = entry(WRONG);
        assertThat(entry.text(LogField.START_TIME)).hasValue("2026-11-22T20:00:00.123Z");
        assertThat(entry.text(LogField.METHOD)).hasValue("GET");
        assertThat(entry.text(LogField.PATH)).hasValue("/wrong");
        assertThat(entry.status()).hasValue(502);
        assertThat(entry.flags()).containsExactly("UPE");
        assertThat(entry.number(LogField.BYTES_SENT)).hasValue(87);
        assertThat(entry.text(LogField.UPSTREAM_SERVICE_TIME)).isEmpty();
        assertThat(entry.text(LogField.REQUEST_ID)).hasValue("4f7c3f0e-7d0a-9b3e-8a51-0c9d8b3a5c11");
        assertThat(entry.text(LogField.UPSTREAM_CLUSTER)).hasValue("inbound|8080||");
        assertThat(entry.text(LogField.ROUTE_NAME)).hasValue("default");
        assertThat(entry.details().flatMap(ResponseCodeDetails::reason)).hasValue(new ResetReason("protocol error"));
    }

    @Test
    void aQuotedValueMayHoldWhatSeparatesValues() {
        var entry = entry(WRONG.replace("curl/8.5.0", "my \"agent\" \"-\" 12"));
        assertThat(entry.text(LogField.USER_AGENT)).hasValue("my \"agent\" \"-\" 12");
        assertThat(entry.text(LogField.AUTHORITY)).hasValue("http-chunked:8080");
    }

    @Test
    void terminationDetailsMayHoldSpaces() {
        var entry =
                entry(WRONG.replace("} - \"-\"", "} transport socket timeout was reached \"delayed connect error\""));
        assertThat(entry.text(LogField.CONNECTION_TERMINATION_DETAILS))
                .hasValue("transport socket timeout was reached");
        assertThat(entry.text(LogField.UPSTREAM_TRANSPORT_FAILURE_REASON)).hasValue("delayed connect error");
    }

    @Test
    void severalFlagsAreSeveral() {
        assertThat(entry(WRONG.replace(" UPE ", " URX,UF ")).flags()).containsExactly("URX", "UF");
    }

    @Test
    void aMisfitNamesTheFieldThatIsMissing() {
        assertThat(AccessLogParser.istio().parse(WRONG.replace(" 502 ", " five ")))
                .isEqualTo(new Misfit("%RESPONSE_CODE% is missing or has an invalid value"));
        assertThat(AccessLogParser.istio().parse(WRONG.replace("} - \"-\"", "} - -")))
                .isEqualTo(new Misfit("%BYTES_RECEIVED% is missing or has an invalid value"));
        assertThat(new AccessLogParser(LogFormat.of("%RESPONSE_CODE%;")).parse("502;and more"))
                .isEqualTo(new Misfit("the line has more text than the format has fields"));
        assertThat(AccessLogParser.istio().parse("")).isEqualTo(new Misfit("expected \"[\" at the start"));
    }

    @Test
    void aLineMadeToCostIsGivenUp() {
        var hostile = WRONG.replace("curl/8.5.0", "\" \"".repeat(5_000)).replace("default", "\"");
        assertThat(AccessLogParser.istio().parse(hostile.substring(0, hostile.length() - 60)))
                .isEqualTo(new Misfit("the line has too many separators to parse"));
    }

    @Test
    void whatDoesNotFitCostsToo() {
        // No method has a quotation mark in it: 20,000 candidates, and none of them would be followed up.
        assertThat(AccessLogParser.istio().parse("[2026-11-22T20:00:00.123Z] \"\"" + " a".repeat(20_000)))
                .isEqualTo(new Misfit("the line has too many separators to parse"));
    }

    @Test
    void everyTruncationIsAnswered() {
        for (int length = 0; length < WRONG.length() - "- default".length(); length++) {
            assertThat(AccessLogParser.istio().parse(WRONG.substring(0, length)))
                    .as("%d", length)
                    .isInstanceOf(Misfit.class);
        }
    }

    @Test
    void aNumberTooLongIsNone() {
        assertThat(entry(WRONG.replace(" 87 ", " 99999999999999999999 ")).number(LogField.BYTES_SENT))
                .isEmpty();
        assertThat(entry(WRONG.replace(" 502 ", " 50200 ")).status()).isEmpty();
        assertThat(entry(WRONG.replace(" 502 ", " 1000 ")).status())
                .as("Envoy passes it on")
                .hasValue(1000);
    }

    @Test
    void theBuilderOfTestLinesWritesARealLine() {
        assertThat(LogLines.server().line()).isEqualTo(WRONG);
    }

    private static AccessLogEntry entry(String line) {
        var parsed = AccessLogParser.istio().parse(line);
        assertThat(parsed).isInstanceOf(AccessLogEntry.class);
        return (AccessLogEntry) parsed;
    }

    @Test
    void theTransportFailureIsReadInItsOldAndItsNewSpelling() {
        for (var separator : List.of(",", "|")) {
            var details = ResponseCodeDetails.parse("upstream_reset_before_response_started{remote_connection_failure"
                    + separator + "delayed_connect_error:_Connection_refused}");
            assertThat(details.reason()).hasValue(new ResetReason("remote connection failure"));
            assertThat(details.transportFailure()).hasValue("delayed_connect_error:_Connection_refused");
        }
    }

    @Test
    void theBodysLengthFollowsFromTheReason() {
        assertThat(ResetReason.of("protocol_error").bodyLength(false)).isEqualTo(87);
        assertThat(ResetReason.of("connection_termination").bodyLength(false)).isEqualTo(95);
        assertThat(ResetReason.of("remote_connection_failure").bodyLength(true)).isEqualTo(98 + 23);
        assertThat(ResetReason.of("overflow").bodyLength(false)).isEqualTo(81);
    }
}
