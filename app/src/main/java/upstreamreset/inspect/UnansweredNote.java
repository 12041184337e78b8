// SPDX-License-Identifier: Apache-2.0
package upstreamreset.inspect;

import java.time.Duration;
import java.util.Optional;

/** Describes how a connection ended during an unanswered request. */
final class UnansweredNote {
    /** No server ends an idle connection sooner. */
    private static final Duration MIN_IDLE = Duration.ofMillis(500);

    private UnansweredNote() {}

    /** {@code idle} is how long the connection was idle before the request, {@code wait} the time from the request to the end of the connection. */
    static String of(ConnectionClose close, Optional<Duration> idle, long wait) {
        if (close.clientFirst()) {
            return wait < 0
                    ? "the client had ended the connection before"
                    : "the client gave up after %s without an answer".formatted(seconds(wait));
        }
        if (idle.isEmpty()) {
            return wait < 0
                    ? "the server had ended the connection before its first request was whole"
                    : "the server ended the connection %s after its first request".formatted(seconds(wait));
        }
        var quiet = seconds(idle.get().toNanos());
        if (idle.get().compareTo(MIN_IDLE) < 0) {
            return "the server ended the connection %s %s the request, %s after the exchange before it"
                    .formatted(seconds(Math.abs(wait)), wait < 0 ? "before" : "after", quiet);
        }
        return "a keep-alive race: the connection had been idle for %s, and the server ended it %s %s the request"
                .formatted(quiet, seconds(Math.abs(wait)), wait < 0 ? "before" : "after");
    }

    private static String seconds(long nanos) {
        return "%.6f s".formatted(nanos / 1e9);
    }
}
