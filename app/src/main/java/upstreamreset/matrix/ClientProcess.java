// SPDX-License-Identifier: Apache-2.0
package upstreamreset.matrix;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import upstreamreset.process.Answer;
import upstreamreset.wire.Bytes;

/**
 * One run of a client program, which writes the body to its standard output, and to standard error {@code status=…} and its
 * messages; it exits with 0 when it took the response for whole, and with {@link #TIMED_OUT} when it gave up waiting.
 */
final class ClientProcess {
    /** curl's own code for it. */
    static final int TIMED_OUT = 28;

    /** The client gives up by itself after {@link HttpImplementation#PATIENCE}; this is for one that does not. */
    private static final Duration KILL = HttpImplementation.PATIENCE.plusSeconds(5);

    private static final Pattern STATUS = Pattern.compile("(?m)^status=(\\d+)$");

    private ClientProcess() {}

    /** @param input what the program reads */
    static ObservedResponse run(List<String> command, String input) throws IOException, InterruptedException {
        var answer = Answer.of(command, input, KILL);
        return answer.ended()
                ? answer(answer.status(), answer.output(), answer.errors())
                : new ObservedResponse(ObservedResponse.End.TIMEOUT, 0, Bytes.EMPTY, "it did not end by itself");
    }

    private static ObservedResponse answer(int exit, Bytes body, String errors) {
        var end = switch (exit) {
            case 0 -> ObservedResponse.End.WHOLE;
            case TIMED_OUT -> ObservedResponse.End.TIMEOUT;
            default -> ObservedResponse.End.ERROR;
        };
        // The last one: a client that asks twice is judged by the second answer.
        int status = STATUS.matcher(errors)
                .results()
                .map(match -> Integer.valueOf(match.group(1)))
                .reduce((_, last) -> last)
                .orElse(0);
        var words = STATUS.matcher(errors).replaceAll("").strip().replaceAll("\\s*\\R\\s*", "; ");
        return new ObservedResponse(end, status, body, end == ObservedResponse.End.WHOLE ? "" : words);
    }
}
