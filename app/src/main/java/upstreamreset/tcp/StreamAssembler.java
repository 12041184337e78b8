// SPDX-License-Identifier: Apache-2.0
package upstreamreset.tcp;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sorts TCP segments into connections and hands each its own listener. Connections have Wireshark's numbers ({@code
 * tcp.stream}). Memory is bounded: a finished connection is forgotten a minute later, and if there are too many
 * connections, or their memory exceeds the budget, those that have been idle longest are dropped.
 */
public final class StreamAssembler {
    private static final int SYN = TcpSegment.SYN;
    private static final int ACK = TcpSegment.ACK;

    /** The rest of 300 MB after the JVM, the reader and young objects. */
    private static final long MAX_BYTES = 96 << 20;

    private static final int MAX_CONNECTIONS = 1 << 17;
    private static final long FORGET_AFTER_NANOS = 60_000_000_000L;

    /** How often it looks for connections to forget. */
    private static final long LOOK_EVERY_NANOS = 1_000_000_000L;

    private static final byte[][] METHODS = {
        ascii("GET "),
        ascii("POST "),
        ascii("PUT "),
        ascii("HEAD "),
        ascii("DELETE "),
        ascii("PATCH "),
        ascii("OPTIONS ")
    };
    private static final byte[] RESPONSE = ascii("HTTP/1.");

    private final StreamListener.Factory listeners;

    /** Those with the oldest last packet first: {@code get} moves to the end. */
    private final LinkedHashMap<FlowKey, TcpConnection> table = new LinkedHashMap<>(1 << 16, 0.75f, true);

    /** Of the piece that a listener takes: one for all. */
    private final Arrival arrival = new Arrival();

    private @Nullable QuietWatch watch;

    private final FlowTags tags = new FlowTags();
    private final long budget;
    private int connections;
    private int givenUp;
    private long held;
    private long now;
    private long looked;

    /** With a budget that fits the heap of this JVM. */
    public StreamAssembler(StreamListener.Factory listeners) {
        this(listeners, Math.min(MAX_BYTES, Runtime.getRuntime().maxMemory() * 2 / 5));
    }

    /** {@code budget} is how many bytes of memory the connections may take together, about. */
    StreamAssembler(StreamListener.Factory listeners, long budget) {
        this.listeners = listeners;
        this.budget = budget;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** How many connections there were. */
    public int connections() {
        return connections;
    }

    /** How many of them were dropped before their end, because of the memory limit. */
    public int givenUp() {
        return givenUp;
    }

    /** From now on it can tell who is quiet, by this machine's clock. */
    public void watchForQuiet() {
        watch = new QuietWatch();
    }

    /** Tells the connections on which neither bytes of the server nor an end came since {@code nanos} of {@link System#nanoTime}. */
    public void quietSince(long nanos) {
        if (watch != null) {
            watch.quietSince(nanos, arrival);
        }
    }

    public void take(TcpSegment segment) {
        now = segment.nanos;
        var connection = table.get(segment);
        if (connection == null) {
            tags.settle(segment, table, opening(segment));
            connection = table.get(segment);
        }
        int number = -1;
        if (connection != null && expired(connection)) {
            forget(connection);
            connection = null;
        } else if (connection != null && segment.is(SYN)) {
            boolean another = opening(segment) && connection.endsWith(segment);
            if (another) {
                forget(connection);
                connection = null;
            } else if (opening(segment) ? connection.over : connection.beginsInSpite(segment)) {
                number = connection.number;
                if (connection.isBare()) {
                    connection.replaced();
                }
                forget(connection);
                connection = null;
            }
        }
        boolean fresh = connection == null;
        if (connection == null) {
            forgetOld();
            connection = opened(segment, number < 0 ? connections++ : number);
        }
        connection.lastNanos = now;
        connection.note(segment);
        if (!connection.ended) {
            connection.take(segment, arrival);
            if (watch != null && connection.tells(segment)) {
                watch.came(connection);
            }
            if (connection.fromA.finished() && connection.fromB.finished()) {
                end(connection); // both said that there is no more: only its place in the table is needed
            }
        }
        if (fresh || segment.length > 0) {
            held += connection.growth();
            if (overfull()) {
                makeRoom();
            }
        }
    }

    private static boolean opening(TcpSegment segment) {
        return segment.is(SYN) && !segment.is(ACK);
    }

    private TcpConnection opened(TcpSegment segment, int number) {
        boolean fromClient = fromClient(segment);
        boolean clientIsA = segment.fromA == fromClient;
        var endpoints = Endpoints.of(segment, clientIsA);
        tags.seen(segment.tag);
        var listener = listeners.opened(number, now, segment.is(SYN), endpoints);
        var connection = new TcpConnection(segment, number, clientIsA, listener);
        connection.firstSequence = fromClient ? segment.sequence : segment.acknowledged - 1;
        table.put(connection, connection);
        return connection;
    }

    /** Without a handshake to tell: by what is sent; else servers have the lower port. */
    private static boolean fromClient(TcpSegment segment) {
        if (segment.is(SYN)) {
            return !segment.is(ACK);
        }
        if (segment.begins(RESPONSE)) {
            return false;
        }
        for (var method : METHODS) {
            if (segment.begins(method)) {
                return true;
            }
        }
        return segment.sourcePort() > segment.targetPort();
    }

    private boolean expired(TcpConnection connection) {
        return connection.over && now - connection.lastNanos > FORGET_AFTER_NANOS;
    }

    private void forgetOld() {
        if (now >= looked && now - looked < LOOK_EVERY_NANOS) {
            return;
        }
        looked = now;
        for (var oldest = oldest(); oldest != null && expired(oldest); oldest = oldest()) {
            forget(oldest);
        }
    }

    private @Nullable TcpConnection oldest() {
        return table.isEmpty() ? null : table.firstEntry().getValue();
    }

    private boolean overfull() {
        return table.size() > MAX_CONNECTIONS || held > budget;
    }

    /** Makes some room at once; the connection that the last packet was of stays. */
    private void makeRoom() {
        while (table.size() > 1
                && (table.size() > MAX_CONNECTIONS - MAX_CONNECTIONS / 8 || held > budget - budget / 8)) {
            int least = table.size() - 1 - table.size() / 64;
            for (var oldest = oldest(); oldest != null && table.size() > least; oldest = oldest()) {
                giveUp(oldest);
            }
        }
    }

    /** That of what no packet says: it is known now. */
    private Arrival last() {
        arrival.nanos = now;
        arrival.frame = 0;
        arrival.acknowledged = Arrival.UNKNOWN;
        return arrival;
    }

    private void giveUp(TcpConnection connection) {
        if (!connection.ended) {
            givenUp++;
            connection.giveUp(last());
        }
        remove(connection);
    }

    private void forget(TcpConnection connection) {
        connection.end(last());
        remove(connection);
    }

    private void remove(TcpConnection connection) {
        table.remove(connection);
        held -= connection.held();
    }

    private void end(TcpConnection connection) {
        connection.end(last());
        held += connection.growth();
    }

    /**
     * Another capture follows in the same file: finished connections are forgotten, so that repeated packets form
     * connections again.
     */
    public void nextCapture() {
        for (var connection : List.copyOf(table.values())) {
            if (connection.over) {
                forget(connection);
            }
        }
    }

    /** The capture is over, and with it what every connection has to say. */
    public void end() {
        table.values().forEach(this::end);
    }
}
