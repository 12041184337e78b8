// SPDX-License-Identifier: Apache-2.0
package upstreamreset.capture;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sorts TCP segments into connections and hands each its own listener. Connections are numbered as Wireshark numbers
 * them ({@code tcp.stream}). Memory is bounded: a connection that is over is forgotten a minute later, and when what all
 * of them hold is above the budget, those that have been idle longest are given up.
 */
public final class StreamAssembler {
    /** Makes the listener of a connection when its first packet is seen. */
    public interface Listeners {
        StreamListener opened(int stream, long nanos, boolean fromItsStart, Endpoints endpoints);

        /** About how much memory all listeners take, in bytes. */
        default long held() {
            return 0;
        }
    }

    private static final int FIN = TcpPacket.FIN;
    private static final int SYN = TcpPacket.SYN;
    private static final int RST = TcpPacket.RST;
    private static final int ACK = TcpPacket.ACK;

    /** What our share of 300 MB leaves beside the JVM, the reading and what is young. */
    private static final long MOST_BYTES = 96 << 20;

    private static final int MOST_CONNECTIONS = 1 << 17;
    private static final long CONNECTION_BYTES = 350;
    private static final long FORGET_AFTER_NANOS = 60_000_000_000L;

    /** Two SYNs nearer than this are the same one, sent again or captured out of order. */
    private static final int SAME_START = 1 << 16;

    private static final List<byte[]> METHODS =
            List.of("GET ", "POST ", "PUT ", "HEAD ", "DELETE ", "PATCH ", "OPTIONS ").stream()
                    .map(method -> method.getBytes(StandardCharsets.US_ASCII))
                    .toList();
    private static final byte[] RESPONSE = "HTTP/1.".getBytes(StandardCharsets.US_ASCII);

    private final Listeners listeners;
    private final ConnectionTable table = new ConnectionTable();
    private final long budget;
    private int connections;
    private int givenUp;
    private long waiting;
    private long now;

    /** With a budget that fits the heap of this JVM. */
    public StreamAssembler(Listeners listeners) {
        this(listeners, Math.min(MOST_BYTES, Runtime.getRuntime().maxMemory() * 2 / 5));
    }

    /** {@code budget} is how many bytes of memory the connections may take together, about. */
    StreamAssembler(Listeners listeners, long budget) {
        this.listeners = listeners;
        this.budget = budget;
    }

    /** How many connections there were. */
    public int connections() {
        return connections;
    }

    /** How many of them were given up before their end, to stay within memory. */
    public int givenUp() {
        return givenUp;
    }

    void segment(
            long nanos,
            long sourceHigh,
            long sourceLow,
            int sourcePort,
            long targetHigh,
            long targetLow,
            int targetPort,
            int flags,
            int sequence,
            int acknowledged,
            byte[] bytes,
            int from,
            int have,
            int length) {
        now = nanos;
        boolean fromA = sourceLow != targetLow
                ? sourceLow < targetLow
                : sourceHigh != targetHigh ? sourceHigh < targetHigh : sourcePort <= targetPort;
        long aHigh = fromA ? sourceHigh : targetHigh;
        long aLow = fromA ? sourceLow : targetLow;
        long bHigh = fromA ? targetHigh : sourceHigh;
        long bLow = fromA ? targetLow : sourceLow;
        int ports = fromA ? sourcePort << 16 | targetPort : targetPort << 16 | sourcePort;
        boolean syn = (flags & SYN) != 0;
        boolean opening = syn && (flags & ACK) == 0;
        var connection = table.find(aHigh, aLow, bHigh, bLow, ports);
        if (connection != null && opening && isNew(connection, sequence)) {
            forget(connection);
            connection = null;
        }
        if (connection == null) {
            boolean fromClient = fromClient(flags, sourcePort, targetPort, bytes, from, have);
            boolean clientIsA = fromA == fromClient;
            var endpoints = clientIsA
                    ? new Endpoints(aHigh, aLow, ports >>> 16, bHigh, bLow, ports & 0xFFFF)
                    : new Endpoints(bHigh, bLow, ports & 0xFFFF, aHigh, aLow, ports >>> 16);
            int number = connections++;
            connection = new Connection(
                    aHigh,
                    aLow,
                    bHigh,
                    bLow,
                    ports,
                    number,
                    clientIsA,
                    listeners.opened(number, nanos, syn, endpoints));
            connection.firstSequence = fromClient ? sequence : acknowledged - 1;
            table.add(connection);
        }
        connection.lastNanos = nanos;
        table.touched(connection);
        if (!connection.ended) {
            carry(connection, fromA, flags, sequence, acknowledged, bytes, from, have, length);
        }
        forgetOld();
    }

    private void carry(
            Connection connection,
            boolean fromA,
            int flags,
            int sequence,
            int acknowledged,
            byte[] bytes,
            int from,
            int have,
            int length) {
        boolean syn = (flags & SYN) != 0;
        var half = fromA ? connection.fromA : connection.fromB;
        var other = fromA ? connection.fromB : connection.fromA;
        if ((flags & ACK) != 0 && (flags & RST) == 0) {
            if (!other.started()) {
                other.start(acknowledged);
            }
            other.acknowledged(acknowledged);
        }
        long before = half.held();
        int first = syn ? sequence + 1 : sequence;
        if ((flags & RST) != 0) {
            half.reset(connection.listener, sequence, now);
        } else {
            if (!half.started()) {
                half.start(first);
            }
            half.segment(connection.listener, first, (flags & FIN) != 0, bytes, from, have, length, now);
        }
        waiting += half.held() - before;
        connection.over |= (flags & RST) != 0;
        if (half.finished() && other.finished()) {
            end(connection); // both said that there is no more: only its place in the table is needed
        }
    }

    private static boolean isNew(Connection connection, int sequence) {
        int distance = sequence - connection.firstSequence;
        return distance >= SAME_START || distance <= -SAME_START || (connection.over && distance != 0);
    }

    /** Without a handshake to tell: by what is sent; else servers have the lower port. */
    private static boolean fromClient(int flags, int sourcePort, int targetPort, byte[] bytes, int from, int have) {
        if ((flags & SYN) != 0) {
            return (flags & ACK) == 0;
        }
        if (begins(bytes, from, have, RESPONSE)) {
            return false;
        }
        return METHODS.stream().anyMatch(method -> begins(bytes, from, have, method)) || sourcePort > targetPort;
    }

    private static boolean begins(byte[] bytes, int from, int have, byte[] prefix) {
        if (have < prefix.length) {
            return false;
        }
        for (int i = 0; i < prefix.length; i++) {
            if (bytes[from + i] != prefix[i]) {
                return false;
            }
        }
        return true;
    }

    private void forgetOld() {
        var oldest = table.oldest();
        while (oldest != null && oldest.over && now - oldest.lastNanos > FORGET_AFTER_NANOS) {
            forget(oldest);
            oldest = table.oldest();
        }
        if (table.size() > MOST_CONNECTIONS || held() > budget) {
            makeRoom();
        }
    }

    private long held() {
        return table.size() * CONNECTION_BYTES + waiting + listeners.held();
    }

    /** Makes some room at once; the connection that the last packet was of stays. */
    private void makeRoom() {
        while (table.size() > 1
                && (table.size() > MOST_CONNECTIONS - MOST_CONNECTIONS / 8 || held() > budget - budget / 8)) {
            int least = table.size() - 1 - table.size() / 64;
            for (var oldest = table.oldest(); oldest != null && table.size() > least; oldest = table.oldest()) {
                giveUp(oldest);
            }
        }
    }

    private void giveUp(Connection connection) {
        table.remove(connection);
        if (!connection.ended) {
            givenUp++;
            waiting -= connection.held();
            connection.giveUp(now);
        }
    }

    private void forget(Connection connection) {
        table.remove(connection);
        end(connection);
    }

    private void end(Connection connection) {
        waiting -= connection.held();
        connection.end(now);
    }

    /** The capture is over, and with it what every connection has to say. */
    void end() {
        for (@Nullable Connection oldest = table.oldest(); oldest != null; oldest = table.oldest()) {
            forget(oldest);
        }
    }
}
