// SPDX-License-Identifier: Apache-2.0
package upstreamreset.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import upstreamreset.accesslog.LogField;
import upstreamreset.accesslog.LogLine;
import upstreamreset.accesslog.LogLines;
import upstreamreset.accesslog.LogReader;
import upstreamreset.accesslog.LoggedExchange;
import upstreamreset.verdict.GrpcReply.Reading;

/** Envoy 1.40's log of gRPC calls, and the grpc-status that the client got from it; a dash for a cut response. */
class GrpcReplyTest {
    private static final Path CALLS = Path.of("src/test/resources/verdict/grpc-calls.log");

    @ParameterizedTest
    @MethodSource("calls")
    void theStatusIsWhatTheClientSaw(String call) {
        var status = call.substring(0, call.indexOf(" | "));
        var line = LoggedExchange.of(
                ((LogLine.Access) new LogReader().read(call.substring(call.indexOf(" | ") + 3))).entry());

        assertThat(line.failed()).isTrue();
        if (status.equals("-")) {
            assertThat(GrpcReply.of(line)).isEqualTo(Reading.NONE);
        } else {
            assertThat(GrpcReply.of(line)).isNotEqualTo(Reading.NONE);
            assertThat(GrpcReply.status(line)).containsPattern("(^|or )" + status + " ");
        }
    }

    @Test
    void withoutDetailsAResponseMayHaveBegun() {
        var call = LogLines.server()
                .with(LogField.METHOD, "POST")
                .status(200)
                .details("-")
                .bytes(0);
        for (var flag : new String[] {"UC", "UR", "UT", "UPE"}) {
            assertThat(reading(call.flags(flag))).as(flag).isEqualTo(Reading.POSSIBLE);
            assertThat(reading(call.flags(flag).bytes(5))).as(flag).isEqualTo(Reading.NONE);
            assertThat(reading(call.flags(flag).with(LogField.UPSTREAM_SERVICE_TIME, "3")))
                    .as(flag)
                    .isEqualTo(Reading.NONE);
            assertThat(reading(call.flags(flag).with(LogField.METHOD, "GET")))
                    .as(flag)
                    .isEqualTo(Reading.NONE);
        }
        for (var flag : new String[] {"UF", "UH", "UO", "NR", "RL", "UAEX"}) {
            assertThat(reading(call.flags(flag))).as(flag).isEqualTo(Reading.CERTAIN);
        }
    }

    private static Reading reading(LogLines line) {
        return GrpcReply.of(LoggedExchange.of(line.entry()));
    }

    static Stream<String> calls() throws IOException {
        return Files.readAllLines(CALLS).stream();
    }
}
