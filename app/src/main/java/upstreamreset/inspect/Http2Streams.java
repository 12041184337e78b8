// SPDX-License-Identifier: Apache-2.0
package upstreamreset.inspect;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The open streams of a connection and the ones that ended last; bounded numbers of both. */
final class Http2Streams {
    private static final int MAX_OPEN = 4_000;
    private static final int MAX_CLOSED = 1_000;
    private static final long CLOSED_BYTES = 50;

    private final LinkedHashMap<Integer, Http2Exchange> open = new LinkedHashMap<>();
    /** Frames that were under way when they ended may follow. */
    private final LinkedHashSet<Integer> closed = new LinkedHashSet<>();

    private boolean dropped;

    boolean isOpen(int stream) {
        return open.containsKey(stream);
    }

    boolean isClosed(int stream) {
        return closed.contains(stream);
    }

    /** The exchange on an open stream; else null. */
    @Nullable
    Http2Exchange get(int stream) {
        return open.get(stream);
    }

    /** A new exchange; null if there are too many. */
    @Nullable
    Http2Exchange open(int stream, long nanos) {
        if (open.size() >= MAX_OPEN) {
            dropped = true;
            return null;
        }
        var exchange = new Http2Exchange(stream, nanos);
        open.put(stream, exchange);
        return exchange;
    }

    void close(Http2Exchange exchange) {
        open.remove(exchange.stream());
        if (closed.size() == MAX_CLOSED) {
            closed.removeFirst();
        }
        closed.add(exchange.stream());
    }

    /** The open ones, in the order in which they began: a copy. */
    List<Http2Exchange> all() {
        return new ArrayList<>(open.values());
    }

    /** Whether there was one too many. */
    boolean dropped() {
        return dropped;
    }

    /** About how much memory they take, in bytes. */
    long held() {
        long held = CLOSED_BYTES * closed.size();
        for (var exchange : open.values()) {
            held += exchange.held();
        }
        return held;
    }
}
