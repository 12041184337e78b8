// SPDX-License-Identifier: Apache-2.0
package upstreamreset.explain;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import upstreamreset.accesslog.LogLine;

/**
 * Requests of a log that is still being written. Each failed one is told once, when the lines of other hops have had time to come.
 * Time is counted in beats. Memory is bounded.
 */
final class LiveRequests {
    /** A hop logs a request when it ends there; the hops of one request do so within milliseconds. */
    private static final int BEATS_FOR_A_HOP = 2;

    private static final int MAX_BEATS = 10;
    private static final int MAX_WAITING = 10_000;
    private static final int MAX_CONNECTIONS = 1_000;
    private static final int MAX_HOPS = 100;

    private static final class Waiting {
        private final List<Hop> hops = new ArrayList<>();
        private final long first;
        private long last;

        Waiting(long beat) {
            first = beat;
        }
    }

    private final Map<String, Waiting> waiting = new LinkedHashMap<>();
    private final Deque<List<Hop>> ripe = new ArrayDeque<>();
    private final Deque<LogLine.Ambient> connections = new ArrayDeque<>();
    private long beat;

    void add(String key, Hop hop) {
        var request = waiting.computeIfAbsent(key, _ -> new Waiting(beat));
        request.hops.add(hop);
        request.last = beat;
        if (request.hops.size() == MAX_HOPS) {
            waiting.remove(key);
            ripe.add(request.hops);
        } else if (waiting.size() > MAX_WAITING) {
            var oldest = waiting.entrySet().iterator().next();
            waiting.remove(oldest.getKey());
            ripe(oldest.getValue());
        }
    }

    void add(LogLine.Ambient connection) {
        if (connections.size() < MAX_CONNECTIONS
                && connection.connection().error().isPresent()) {
            connections.add(connection);
        }
    }

    /** The failed requests that no further line is expected of; all of them where the log has ended. */
    List<List<Hop>> beat(boolean ended) {
        beat++;
        waiting.values().removeIf(request -> {
            boolean isRipe = ended || beat - request.last >= BEATS_FOR_A_HOP || beat - request.first >= MAX_BEATS;
            if (isRipe) {
                ripe(request);
            }
            return isRipe;
        });
        var all = List.copyOf(ripe);
        ripe.clear();
        return all;
    }

    private void ripe(Waiting request) {
        if (ripe.size() < MAX_WAITING
                && request.hops.stream().anyMatch(hop -> hop.exchange().failed())) {
            ripe.add(request.hops);
        }
    }

    /** The connections that failed since. */
    List<LogLine.Ambient> failedConnections() {
        var all = List.copyOf(connections);
        connections.clear();
        return all;
    }
}
