// SPDX-License-Identifier: Apache-2.0
package upstreamreset.sidecar;

import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.regex.Pattern;
import upstreamreset.tcp.Direction;
import upstreamreset.tcp.StreamEvent;
import upstreamreset.wire.Bytes;

/**
 * Keeps a bounded part of the traffic between Envoy and the app: the last exchanges of each connection, the first bytes
 * of each exchange in both directions, and of all connections those that were used last. Any thread may use it.
 */
final class RecentExchanges {
    private static final int MAX_EXCHANGES = 64;

    /** Envoy's own bound is 60 KiB. */
    private static final int MAX_HEAD = 1 << 16;

    /** Of one direction of an exchange. */
    private static final int MAX_BYTES = 1 << 20;

    /** Of an exchange, with what its events take: it may consist of many small ones. */
    private static final long MAX_EXCHANGE = 8L << 20;

    /** Of all. */
    private static final long MAX_ALL = 64L << 20;

    /** About what a connection takes beside its events. */
    private static final int CONNECTION_BYTES = 1_000;

    private static final int MAX_UNREACHED = 4_096;

    /** As Envoy writes it in HTTP/1. */
    private static final String ID_FIELD = "\r\nx-request-id: ";

    private static final Pattern REQUEST = Pattern.compile("(?s)[A-Z]{1,20} [^\r\n]{1,8000} HTTP/1\\.[01]\r\n.*");

    private final SequencedMap<Integer, Connection> connections = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<InetSocketAddress, Connection> byClient = new HashMap<>();
    private final Set<InetSocketAddress> unreached = new LinkedHashSet<>();
    private final long maxAll;
    private long held;

    RecentExchanges() {
        this(MAX_ALL);
    }

    /** With another bound in bytes. */
    RecentExchanges(long maxAll) {
        this.maxAll = maxAll;
    }

    /** One connection: how it was opened, and its last exchanges, in HTTP/2 all as one. */
    private static final class Connection {
        final StreamEvent.Opened opened;
        final Deque<Exchange> exchanges = new ArrayDeque<>(List.of(new Exchange(0)));
        long held = CONNECTION_BYTES;

        Connection(StreamEvent.Opened opened) {
            this.opened = opened;
        }

        /**
         * The one with the request's id; of a request whose id cannot be seen (HTTP/2, none yet), the only one; one without events
         * where nothing of the request came. Empty if it may be forgotten.
         */
        Optional<Exchange> exchange(String requestId) {
            var last = exchanges.getLast();
            if (requestId.isEmpty()) {
                return Optional.of(last);
            }
            // From the newest: most lines are of that, and the tap waits meanwhile.
            var own = exchanges.reversed().stream()
                    .filter(each -> each.has(requestId))
                    .findFirst();
            if (own.isPresent() || exchanges.getFirst().answeredBefore > 0) {
                return own;
            }
            boolean another = last.answeredBefore > 0 || last.has(ID_FIELD);
            return Optional.of(another ? new Exchange(last.answeredUntil()) : last);
        }

        void add(StreamEvent event) {
            if (event instanceof StreamEvent.Data data
                    && data.direction() == Direction.TO_SERVER
                    && exchanges.getLast().asked()
                    && exchanges.getLast().answered()
                    && beginsRequest(data.bytes())) {
                exchanges.add(new Exchange(exchanges.getLast().answeredUntil()));
                if (exchanges.size() > MAX_EXCHANGES) {
                    forgetFirst();
                }
            }
            var last = exchanges.getLast();
            held -= last.held;
            last.add(event);
            held += last.held;
        }

        void forgetFirst() {
            held -= exchanges.removeFirst().held;
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
        final Map<Direction, Integer> gaps = new EnumMap<>(Direction.class);
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
                held += event.memory();
                return;
            }
            int length = data.bytes().length();
            long before = passed.getOrDefault(data.direction(), 0L);
            passed.put(data.direction(), before + length);
            var gap = gaps.get(data.direction());
            if (gap == null && before + length <= MAX_BYTES && held + event.memory() <= MAX_EXCHANGE) {
                events.add(event);
                held += event.memory();
                return;
            }
            int at = gap == null ? events.size() : gap;
            long missing = gap == null ? 0 : ((StreamEvent.Gap) events.get(at)).length();
            var longer = new StreamEvent.Gap(data.stream(), data.time(), data.direction(), missing + length);
            if (gap == null) {
                gaps.put(data.direction(), at);
                events.add(longer);
            } else {
                events.set(at, longer);
            }
        }

        /** Whether the head of the request has this word, in one event or in two. */
        boolean has(String word) {
            int looked = 0;
            var before = "";
            for (var event : events) {
                if (event instanceof StreamEvent.Data data && data.direction() == Direction.TO_SERVER) {
                    var text = before + data.bytes().latin1();
                    if (text.contains(word)) {
                        return true;
                    }
                    before = text.substring(Math.max(0, text.length() - word.length()));
                    looked += data.bytes().length();
                    if (looked > MAX_HEAD) {
                        return false;
                    }
                }
            }
            return false;
        }
    }

    /** Takes an event, as the tap tells it. */
    synchronized void add(StreamEvent event) {
        if (event instanceof StreamEvent.Opened opened) {
            var connection = new Connection(opened);
            connections.put(opened.stream(), connection);
            byClient.put(opened.client(), connection);
            unreached.remove(opened.client());
            held += connection.held;
        } else {
            var connection = connections.get(event.stream());
            if (connection != null) {
                held -= connection.held;
                connection.add(event);
                held += connection.held;
            }
        }
        while (held > maxAll && connections.size() > 1) {
            var idle = connections.pollFirstEntry().getValue();
            byClient.remove(idle.opened.client(), idle);
            held -= idle.held;
        }
        if (held > maxAll) {
            var only = connections.firstEntry().getValue();
            while (only.held > maxAll && only.exchanges.size() > 1) {
                only.forgetFirst();
            }
            held = only.held;
        }
    }

    /** Takes Envoy's address on a connection for which the tap could not connect to the app. */
    synchronized void addUnreached(InetSocketAddress local) {
        unreached.add(local);
        if (unreached.size() > MAX_UNREACHED) {
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
     * The exchange of a request on the connection that Envoy made from {@code local}, by the request's id; without an id, the
     * last. Empty if it is not kept.
     */
    synchronized Optional<Found> find(InetSocketAddress local, String requestId) {
        var connection = byClient.get(local);
        return connection == null
                ? Optional.empty()
                : connection.exchange(requestId).map(exchange -> found(connection, exchange));
    }

    private static Found found(Connection connection, Exchange exchange) {
        var events = new ArrayList<StreamEvent>();
        events.add(connection.opened);
        events.addAll(exchange.events);
        return new Found(events, exchange.answeredBefore);
    }
}
