// SPDX-License-Identifier: Apache-2.0
package upstreamreset.explain;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import upstreamreset.accesslog.LogField;
import upstreamreset.accesslog.LogLine;

/**
 * The requests of a log that is still being written. Each failed one is reported once, after the other hops' lines have
 * had time to come. Time is counted in beats. Memory is bounded.
 */
final class LiveRequests {
    /** A hop logs a request when it ends there; the hops of one request do so within milliseconds. */
    private static final int BEATS_FOR_A_HOP = 2;

    private static final int MAX_BEATS = 10;
    private static final int MAX_WAITING = 10_000;
    private static final int MAX_CONNECTIONS = 1_000;
    private static final int MAX_HOPS = 100;
    private static final int MAX_TOLD = 1_000;

    private static final class Waiting {
        private final List<Hop> hops = new ArrayList<>();
        private final long first;
        private long last;

        Waiting(long beat) {
            first = beat;
        }

        private boolean isAgain;
    }

    private final Map<String, Waiting> waiting = new LinkedHashMap<>();
    private final Map<String, List<Hop>> told = new LinkedHashMap<>();
    private final Deque<Live> ripe = new ArrayDeque<>();
    private final Deque<LogLine.Ambient> connections = new ArrayDeque<>();
    private long beat;

    /**
     * A request to report.
     *
     * @param isAgain whether some of its lines were reported before
     */
    record Live(List<Hop> hops, boolean isAgain) {
        Live {
            hops = List.copyOf(hops);
        }
    }

    void add(String key, Hop hop) {
        var request = waiting.computeIfAbsent(key, this::begin);
        request.hops.add(hop);
        request.last = beat;
        if (request.hops.size() >= MAX_HOPS) {
            waiting.remove(key);
            ripe(key, request);
        } else if (waiting.size() > MAX_WAITING) {
            var oldest = waiting.entrySet().iterator().next();
            waiting.remove(oldest.getKey());
            ripe(oldest.getKey(), oldest.getValue());
        }
    }

    /** A line that comes after the report of its request is reported together with the earlier lines. */
    private Waiting begin(String key) {
        var request = new Waiting(beat);
        @Nullable List<Hop> before = told.remove(key);
        if (before != null) {
            request.hops.addAll(before);
            request.isAgain = true;
        }
        return request;
    }

    void add(LogLine.Ambient connection) {
        if (connections.size() < MAX_CONNECTIONS
                && connection.connection().error().isPresent()) {
            connections.add(connection);
        }
    }

    /** The failed requests that no further line is expected of; all of them where the log has ended. */
    List<Live> beat(boolean ended) {
        beat++;
        waiting.entrySet().removeIf(each -> {
            var request = each.getValue();
            boolean isRipe = ended || beat - request.last >= BEATS_FOR_A_HOP || beat - request.first >= MAX_BEATS;
            if (isRipe) {
                ripe(each.getKey(), request);
            }
            return isRipe;
        });
        var all = List.copyOf(ripe);
        ripe.clear();
        return all;
    }

    private void ripe(String key, Waiting request) {
        if (ripe.size() >= MAX_WAITING
                || request.hops.stream().noneMatch(hop -> hop.exchange().failed())) {
            return;
        }
        ripe.add(new Live(request.hops, request.isAgain));
        if (!request.isAgain
                && request.hops.getFirst().entry().text(LogField.REQUEST_ID).isPresent()) {
            told.put(key, List.copyOf(request.hops));
            if (told.size() > MAX_TOLD) {
                told.remove(told.keySet().iterator().next());
            }
        }
    }

    /** The connections that failed since. */
    List<LogLine.Ambient> failedConnections() {
        var all = List.copyOf(connections);
        connections.clear();
        return all;
    }
}
