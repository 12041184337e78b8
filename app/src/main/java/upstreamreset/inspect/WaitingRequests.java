// SPDX-License-Identifier: Apache-2.0
package upstreamreset.inspect;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** The requests on a connection that have no response yet, in their order: a bounded number, of bounded memory. */
final class WaitingRequests {
    private static final int MAX_REQUESTS = 1_000;
    private static final long MAX_BYTES = 1 << 18;

    /** Without pipelining, the only one. */
    private @Nullable SeenRequest first;

    private @Nullable Deque<SeenRequest> behind;
    private long held;

    boolean isFull() {
        return size() >= MAX_REQUESTS || held >= MAX_BYTES;
    }

    boolean isEmpty() {
        return first == null;
    }

    int size() {
        return (first == null ? 0 : 1) + (behind == null ? 0 : behind.size());
    }

    /** About how much memory they take, in bytes. */
    long held() {
        return held;
    }

    void add(SeenRequest request) {
        if (first == null) {
            first = request;
        } else {
            var all = behind == null ? new ArrayDeque<SeenRequest>() : behind;
            behind = all;
            all.add(request);
        }
        held += bytes(request);
    }

    /** The one that has waited longest. */
    @Nullable
    SeenRequest oldest() {
        return first;
    }

    /** Whether one was sent when the client had exactly {@code received} bytes of the server's: its answer begins there. */
    boolean answeredAt(long received) {
        if (first != null && first.acknowledged() == received) {
            return true;
        }
        if (behind != null) {
            for (var request : behind) {
                if (request.acknowledged() == received) {
                    return true;
                }
            }
        }
        return false;
    }

    /** The one that has waited longest, which no longer waits. */
    @Nullable
    SeenRequest next() {
        var request = first;
        if (request != null) {
            first = behind == null ? null : behind.poll();
            held -= bytes(request);
        }
        return request;
    }

    void clear() {
        while (first != null) {
            next();
        }
    }

    /** Only the newest still waits: the responses to the others were lost. */
    void keepNewest() {
        while (size() > 1) {
            next();
        }
    }

    private static long bytes(SeenRequest request) {
        return 100L + request.head().length();
    }
}
