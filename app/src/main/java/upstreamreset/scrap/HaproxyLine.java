// SPDX-License-Identifier: Apache-2.0
package upstreamreset.scrap;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the termination state of an HAProxy log line, {@code PH--}: who ended the session, and in which phase. */
final class HaproxyLine {
    private static final String STATE = "([-CSPLRIDUKcs])([-RQCHDLT])([-NIDVEO])([-NIDPRU])";
    private static final Pattern LINE = Pattern.compile(
            "\\s(\\d{3}|-1)\\s\\+?\\d+\\s\\S+\\s\\S+\\s" + STATE + "\\s\\d+/\\d+/\\d+/\\d+/\\+?\\d+\\s");
    private static final Pattern ALONE =
            Pattern.compile("\\W*(?:(\\d{3})\\W{1,3})?([CSPRIDUKcs])([RQCHDLT])(--|NI|VN|NN|VU|DI)\\W*");

    /** The first two letters: the causes, and their meaning; HAProxy's manual, session state at disconnection. */
    private static final Map<String, Meaning> STATES = Meaning.table("""
            PH: invalid-response-head duplicate-transfer-encoding; HAProxy refused the server's response, because its head is invalid or incomplete
            PD: invalid-chunk-size; HAProxy cut the response off, because its chunks are malformed
            PR: invalid-client-request; HAProxy refused the client's request, as invalid or by a rule
            PC: overload; HAProxy had no socket or no room left for the connection to the server
            SC: connection-refused; the server, or what stands before it, refused the TCP connection
            sC: connect-timeout; the connection to the server was not made within the connect timeout
            SH: app-closed keep-alive-race; the server closed before it had sent the whole head of its response
            sH: upstream-timeout; the server did not answer within the server timeout
            SD: cut-in-body; the connection to the server died while the response was on its way
            sD: upstream-timeout; the server kept silent in the middle of its response for the server timeout
            SQ: no-healthy-upstream; the request left the queue without a server
            sQ: circuit-breaker; the request waited in the queue for too long
            CC: client-left; the client left before the connection to the server was made
            CD: client-left; the client left while the response was on its way
            CH: client-left; the client left before the server answered
            CQ: client-left; the client left while its request was in the queue
            CR: client-left; the client left before it had sent its whole request
            cR: slow-client-request; the client did not send its whole request in time
            cD: slow-client-request; the client did not take, or send, its data for the client timeout
            cH: slow-client-request; the client timeout struck while HAProxy waited for the server
            cQ: client-left; the client timeout struck while the request was in the queue
            RC: overload; HAProxy had no resource left for the connection to the server
            """);

    private HaproxyLine() {}

    /** The ids of all causes that they name. */
    static List<String> causes() {
        return Meaning.causes(STATES.values());
    }

    static Optional<Scrap> find(String line) {
        var whole = LINE.matcher(line);
        if (whole.find()) {
            return of(line.strip(), whole.group(2) + whole.group(3));
        }
        var alone = ALONE.matcher(line);
        return line.length() < 40 && alone.matches()
                ? of(line.strip(), alone.group(2) + alone.group(3))
                : Optional.empty();
    }

    private static Optional<Scrap> of(String words, String state) {
        @Nullable Meaning meaning = STATES.get(state);
        if (meaning == null) {
            return state.equals("--")
                    ? Optional.of(Scrap.harmless(words, "HAProxy", "the session ended in the usual way"))
                    : Optional.empty();
        }
        return Optional.of(Scrap.naming(words, "HAProxy", meaning.says(), meaning.causes()));
    }
}
