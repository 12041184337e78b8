// SPDX-License-Identifier: Apache-2.0
package upstreamreset.inspect;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Says how a connection ended under a request that was not answered. */
final class UnansweredNote {
    /** No server ends an idle connection sooner. */
    private static final Duration MIN_IDLE = Duration.ofMillis(500);

    private UnansweredNote() {}

    /** {@code idle} is how long the connection was idle before the request, {@code wait} the time from the request to the end of the connection. */
    static String of(ConnectionClose close, @Nullable Duration idle, long wait) {
        if (close.clientFirst()) {
            return wait < 0
                    ? "the client had ended the connection before"
                    : "the client gave up after %s without an answer".formatted(seconds(wait));
        }
        if (idle == null) {
            return wait < 0
                    ? "the server had ended the connection before its first request was whole"
                    : "the server ended the connection %s after its first request".formatted(seconds(wait));
        }
        if (idle.compareTo(MIN_IDLE) < 0) {
            return "the server ended the connection %s %s the request, %s after the exchange before it"
                    .formatted(seconds(Math.abs(wait)), wait < 0 ? "before" : "after", seconds(idle.toNanos()));
        }
        return "a keep-alive race: the connection had been idle for %s, and the server ended it %s %s the request"
                .formatted(seconds(idle.toNanos()), seconds(Math.abs(wait)), wait < 0 ? "before" : "after");
    }

    private static String seconds(long nanos) {
        return "%.6f s".formatted(nanos / 1e9);
    }
}
