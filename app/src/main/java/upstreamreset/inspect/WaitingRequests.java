// SPDX-License-Identifier: Apache-2.0
package upstreamreset.inspect;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import upstreamreset.tcp.Arrival;

/**
 * The requests on a connection without a response yet, in order, and between them the places where unreadable requests
 * may be: bounded in number and memory.
 */
final class WaitingRequests {
    private static final int MAX_REQUESTS = 1_000;
    private static final long MAX_BYTES = 1 << 18;

    /** Without pipelining, the only one. */
    private @Nullable SeenRequest first;

    private @Nullable ArrayDeque<SeenRequest> behind;
    private int known;
    /** Whether there are unseen requests of which nothing has been heard. */
    private boolean unheard;

    private long held;

    boolean isEmpty() {
        return first == null;
    }

    /** How many requests wait. */
    int known() {
        return known;
    }

    /** Whether all that waits is one request. */
    boolean isOneRequest() {
        return known == 1 && (behind == null || behind.isEmpty());
    }

    /** About how much memory they take, in bytes. */
    long held() {
        return held;
    }

    /** A request without room counts as unseen. */
    void add(SeenRequest request) {
        boolean full = known >= MAX_REQUESTS || held >= MAX_BYTES;
        var added = full ? SeenRequest.unseen(request.nanos(), request.end()) : request;
        var all = behind;
        if (first == null || (!added.known() && !first.known() && (all == null || all.isEmpty()))) {
            remove(first);
            first = added;
        } else {
            if (all == null) {
                all = new ArrayDeque<>();
                behind = all;
            }
            var last = all.peekLast();
            if (!added.known() && last != null && !last.known()) {
                remove(all.pollLast());
            }
            all.add(added);
        }
        known += added.known() ? 1 : 0;
        unheard |= added.unheard();
        held += bytes(added);
    }

    private void remove(@Nullable SeenRequest request) {
        if (request != null) {
            known -= request.known() ? 1 : 0;
            held -= bytes(request);
        }
    }

    /** The one that has waited longest. */
    @Nullable
    SeenRequest oldest() {
        return first;
    }

    /**
     * The request whose answer begins at {@code at}, for certain: the client had exactly the bytes before, and the server had
     * {@code received} bytes of the client's. None behind requests that nobody can read, if not one of them was answered before.
     */
    @Nullable
    SeenRequest answeredAt(long at, long received) {
        if (first == null) {
            return null;
        }
        if (first.known() && first.acknowledged() == at && first.receivedBy(received)) {
            return first;
        }
        if (behind == null || !first.answeredBefore(at)) {
            return null;
        }
        for (var request : behind) {
            if (request.known() && request.acknowledged() == at && request.receivedBy(received)) {
                return request;
            }
            if (!request.answeredBefore(at)) {
                return null;
            }
        }
        return null;
    }

    /** The server sent its bytes from {@code at} on when it had {@code received} bytes of the client's. */
    void heard(long at, long received) {
        if (!unheard) {
            return;
        }
        unheard = false;
        first = first == null ? null : heard(first, at, received);
        if (behind != null) {
            for (int i = behind.size(); i > 0; i--) {
                behind.add(heard(behind.remove(), at, received));
            }
        }
    }

    private SeenRequest heard(SeenRequest request, long at, long received) {
        if (request.unheard() && (received == Arrival.UNKNOWN || received > request.end())) {
            return request.answeredFrom(at);
        }
        unheard |= request.unheard();
        return request;
    }

    /** Whether several requests were sent when the client had {@code acknowledged} bytes of the server's. */
    boolean severalSentAt(long acknowledged) {
        int count = first != null && first.acknowledged() == acknowledged ? 1 : 0;
        if (behind != null) {
            for (var each : behind) {
                count += each.acknowledged() == acknowledged ? 1 : 0;
            }
        }
        return count > 1;
    }

    /** The one that has waited longest, which no longer waits. */
    @Nullable
    SeenRequest next() {
        var request = first;
        remove(request);
        if (request != null) {
            first = behind == null ? null : behind.poll();
        }
        return request;
    }

    void clear() {
        while (first != null) {
            next();
        }
    }

    /** Those before {@code request} wait no longer. */
    void dropBefore(SeenRequest request) {
        while (first != null && first.end() < request.end()) {
            next();
        }
    }

    private static long bytes(SeenRequest request) {
        return 100L + request.head().length();
    }
}
