// SPDX-License-Identifier: Apache-2.0
package upstreamreset.diagnosis;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** The requests on a connection that have no response yet, in their order: a bounded number, of bounded memory. */
final class WaitingRequests {
    private static final int MOST = 1_000;
    private static final long MOST_BYTES = 1 << 18;

    private final Deque<HeardRequest> requests = new ArrayDeque<>(1);
    private long held;

    boolean isFull() {
        return requests.size() >= MOST || held >= MOST_BYTES;
    }

    boolean isEmpty() {
        return requests.isEmpty();
    }

    int size() {
        return requests.size();
    }

    /** About how much memory they take, in bytes. */
    long held() {
        return held;
    }

    void add(HeardRequest request) {
        requests.add(request);
        held += request.held();
    }

    /** The one that has waited longest, which no longer waits. */
    @Nullable
    HeardRequest next() {
        var request = requests.poll();
        if (request != null) {
            held -= request.held();
        }
        return request;
    }

    /** Only the newest still waits: the responses to the others were lost. */
    void keepNewest() {
        while (requests.size() > 1) {
            next();
        }
    }
}
