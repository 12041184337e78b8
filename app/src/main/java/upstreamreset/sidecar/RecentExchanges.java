// SPDX-License-Identifier: Apache-2.0
package upstreamreset.sidecar;

import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import upstreamreset.tcp.Direction;
import upstreamreset.tcp.StreamEvent;
import upstreamreset.wire.Bytes;

/**
 * Keeps a bounded part of the traffic between Envoy and the app: the last exchanges of each connection, the first bytes
 * of each exchange in both directions, and at most 64 MB in total. Any thread may use it.
 */
final class RecentExchanges {
    private static final int MAX_CONNECTIONS = 256;
    private static final int MAX_EXCHANGES = 4;
    private static final int MAX_BYTES = 1 << 20;
    private static final long MAX_ALL_BYTES = 64L << 20;

    /** About what an event takes beside its bytes. */
    private static final int EVENT_BYTES = 200;

    private static final Pattern REQUEST = Pattern.compile("(?s)[A-Z]{1,20} [^\r\n]{1,8000} HTTP/1\\.[01]\r\n.*");

    private final Map<Integer, Connection> connections = new LinkedHashMap<>();
    private final Set<InetSocketAddress> unreached = new LinkedHashSet<>();
    private long held;

    /** One connection: how it was opened, and its last exchanges, in HTTP/2 all as one. */
    private static final class Connection {
        final StreamEvent.Opened opened;
        final Deque<Exchange> exchanges = new ArrayDeque<>(List.of(new Exchange(0)));

        Connection(StreamEvent.Opened opened) {
            this.opened = opened;
        }

        long held() {
            return exchanges.stream().mapToLong(each -> each.held).sum();
        }

        void add(StreamEvent event) {
            if (event instanceof StreamEvent.Data data
                    && data.direction() == Direction.TO_SERVER
                    && exchanges.getLast().asked()
                    && exchanges.getLast().answered()
                    && beginsRequest(data.bytes())) {
                exchanges.add(new Exchange(exchanges.getLast().answeredUntil()));
                if (exchanges.size() > MAX_EXCHANGES) {
                    exchanges.removeFirst();
                }
            }
            exchanges.getLast().add(event);
        }

        private static boolean beginsRequest(Bytes bytes) {
            var begin = Bytes.of(bytes.toArray(), 0, Math.min(bytes.length(), 9000));
            return REQUEST.matcher(begin.latin1()).matches();
        }
    }

    /**
     * One exchange, beginning with the connection's opening.
     *
     * @param answeredBefore how many bytes the app had sent on the connection before it
     */
    record Found(List<StreamEvent> events, long answeredBefore) {
        Found {
            events = List.copyOf(events);
        }
    }

    /** The events of one exchange; events beyond the limit are a gap. */
    private static final class Exchange {
        final long answeredBefore;
        final List<StreamEvent> events = new ArrayList<>();
        final Map<Direction, Long> passed = new EnumMap<>(Direction.class);
        long held;

        Exchange(long answeredBefore) {
            this.answeredBefore = answeredBefore;
        }

        long answeredUntil() {
            return answeredBefore + passed.getOrDefault(Direction.TO_CLIENT, 0L);
        }

        /** Whether a request has begun; a server may speak before it. */
        boolean asked() {
            return passed.getOrDefault(Direction.TO_SERVER, 0L) > 0;
        }

        boolean answered() {
            return passed.getOrDefault(Direction.TO_CLIENT, 0L) > 0;
        }

        void add(StreamEvent event) {
            if (!(event instanceof StreamEvent.Data data)) {
                events.add(event);
                held += EVENT_BYTES;
                return;
            }
            int length = data.bytes().length();
            long before = passed.getOrDefault(data.direction(), 0L);
            passed.put(data.direction(), before + length);
            if (before + length <= MAX_BYTES) {
                events.add(event);
                held += EVENT_BYTES + length;
            } else if (!events.isEmpty()
                    && events.getLast() instanceof StreamEvent.Gap gap
                    && gap.direction() == data.direction()) {
                events.set(
                        events.size() - 1,
                        new StreamEvent.Gap(gap.stream(), data.time(), data.direction(), gap.length() + length));
            } else {
                events.add(new StreamEvent.Gap(data.stream(), data.time(), data.direction(), length));
            }
        }

        boolean has(String word) {
            return events.stream()
                    .anyMatch(event -> event instanceof StreamEvent.Data data
                            && data.direction() == Direction.TO_SERVER
                            && data.bytes().latin1().contains(word));
        }
    }

    /** Takes an event, as the tap tells it. */
    synchronized void add(StreamEvent event) {
        if (event instanceof StreamEvent.Opened opened) {
            unreached.remove(opened.client());
            connections.put(opened.stream(), new Connection(opened));
        } else {
            var connection = connections.get(event.stream());
            if (connection != null) {
                held -= connection.held();
                connection.add(event);
                held += connection.held();
            }
        }
        while (connections.size() > MAX_CONNECTIONS || (held > MAX_ALL_BYTES && connections.size() > 1)) {
            var eldest = connections.remove(connections.keySet().iterator().next());
            held -= eldest == null ? 0 : eldest.held();
        }
    }

    /** Takes Envoy's address on a connection for which the tap could not connect to the app. */
    synchronized void addUnreached(InetSocketAddress local) {
        unreached.add(local);
        if (unreached.size() > MAX_CONNECTIONS) {
            unreached.remove(unreached.iterator().next());
        }
    }

    /** Whether the tap could not connect to the app for the connection that Envoy made from {@code local}. */
    synchronized boolean unreached(InetSocketAddress local) {
        return unreached.contains(local);
    }

    /** About how much memory it takes, in bytes. */
    synchronized long held() {
        return held;
    }

    /**
     * The exchange of a request on the connection that Envoy made from {@code local}; of several the one that has the request's
     * id, else the last. Empty if nothing of it is kept.
     */
    synchronized Optional<Found> find(InetSocketAddress local, String requestId) {
        Connection found = null;
        for (var connection : connections.values()) {
            if (connection.opened.client().equals(local)) {
                found = connection;
            }
        }
        if (found == null) {
            return Optional.empty();
        }
        var exchange = found.exchanges.getLast();
        for (var each : found.exchanges) {
            if (!requestId.isEmpty() && each.has(requestId)) {
                exchange = each;
            }
        }
        var events = new ArrayList<StreamEvent>();
        events.add(found.opened);
        events.addAll(exchange.events);
        return Optional.of(new Found(events, exchange.answeredBefore));
    }
}
