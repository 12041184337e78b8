// SPDX-License-Identifier: Apache-2.0
package upstreamreset.tcp;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import upstreamreset.wire.Bytes;

/**
 * One direction of a connection, put in order (RFC 9293 §3.4): early segments wait, retransmissions are reported as
 * such, and the first copy of a byte counts. A segment that acknowledges uncaptured bytes of the other direction waits
 * for them too. Sequence numbers wrap, so only their differences are compared.
 */
final class HalfStream {
    private static final int MAX_HELD = 1 << 18;
    private static final int MAX_EARLY_SEGMENTS = 256;
    private static final long EARLY_BYTES = 100;

    /** A capture mixes up the two directions by no more packets of the connection; or by fewer, in more time. */
    private static final int MAX_MIXED_PACKETS = 64;

    private static final int MAX_SLOW_PACKETS = 8;
    private static final long MAX_MIXED_NANOS = 2_000_000_000L;

    /** Nobody sends a lost packet again later than that. */
    private static final long MAX_WAIT_NANOS = 60_000_000_000L;

    /** The largest window (RFC 7323 §2.3): bytes further ahead are useless. */
    private static final int MAX_WINDOW = 1 << 30;

    private final Direction direction;
    private HalfStream peer = this;
    private boolean seen;
    private boolean started;
    /** Whether its own SYN says where it starts. */
    private boolean startKnown;

    private int next;

    /** How many bytes were sent before {@link #next}. */
    private long position;

    private boolean acknowledged;
    private int highestAck;
    /** When, and with which packet of the connection, {@link #highestAck} got ahead of {@link #next}. */
    private long ackNanos;

    private int ackPacket;
    private boolean finished;
    private @Nullable ArrayList<EarlySegment> waiting;
    private long held;
    private @Nullable WaitingReset reset;

    HalfStream(Direction direction) {
        this.direction = direction;
    }

    private record WaitingReset(int sequence, long nanos, long frame) {}

    /** The two directions of a connection know each other. */
    static void join(HalfStream one, HalfStream other) {
        one.peer = other;
        other.peer = one;
    }

    boolean toClient() {
        return direction == Direction.TO_CLIENT;
    }

    boolean finished() {
        return finished;
    }

    /** Whether not one byte came. */
    boolean isBare() {
        return position == 0 && waiting == null;
    }

    /** About how much memory waits here, in bytes. */
    long held() {
        return held;
    }

    /** The next byte will have {@code sequence}. */
    private void start(int sequence) {
        started = true;
        next = sequence;
    }

    /**
     * It starts before what was taken for its start: a capture mixes up packets. Where something has been told already, it is too
     * late for that.
     */
    private void startEarlier(int sequence) {
        int earlier = next - sequence;
        if (earlier <= 0 || position > 0 || finished || peer.position > 0) {
            return;
        }
        next = sequence;
        if (peer.waiting != null) {
            peer.waiting.replaceAll(each -> each.knowing(earlier));
        }
    }

    /** The other side acknowledges everything before {@code sequence}; its {@code reset} can, but does not begin a connection. */
    void acknowledged(int sequence, boolean reset, Arrival arrival) {
        if (!started && !reset) {
            start(sequence);
        }
        if (!started) {
            return;
        }
        if (!startKnown) {
            startEarlier(sequence);
        }
        if (sequence - next > MAX_WINDOW || (acknowledged && sequence - highestAck <= 0)) {
            return;
        }
        if (sequence - next > 0 && !ackAhead()) {
            ackNanos = arrival.nanos;
            ackPacket = arrival.packet;
        }
        acknowledged = true;
        highestAck = sequence;
    }

    /** The position of {@code sequence} in the bytes of this direction; unknown at first. */
    long offset(int sequence) {
        return started ? position + (sequence - next) : Arrival.UNKNOWN;
    }

    /** Whether the other side has bytes that have not been captured. */
    private boolean ackAhead() {
        return acknowledged && highestAck - next > 0 && !finished;
    }

    /** Whether anything waits, or is waited for. */
    boolean behind() {
        return waiting != null || reset != null || ackAhead();
    }

    /** Whether bytes are missing here, not at the peer. */
    private boolean hole() {
        return waiting == null ? ackAhead() : waiting.getFirst().sequence() - next > 0;
    }

    /** Takes a segment that is not a reset, with its own {@code arrival}. */
    void take(StreamListener listener, TcpSegment segment, Arrival arrival) {
        seen = true;
        int sequence = segment.is(TcpSegment.SYN) ? segment.sequence + 1 : segment.sequence;
        boolean fin = segment.is(TcpSegment.FIN);
        if (!started) {
            start(sequence);
        }
        if (!startKnown) {
            startEarlier(sequence);
        }
        startKnown |= segment.is(TcpSegment.SYN);
        if (finished || (segment.length == 0 && !fin)) {
            return;
        }
        int early = sequence - next;
        if (early > 0 || (waiting != null && early == 0) || waitsForPeer(arrival.acknowledged)) {
            if (early < MAX_WINDOW && early + segment.length + (fin ? 1 : 0) > 0) {
                hold(new EarlySegment(
                        sequence,
                        Bytes.of(segment.bytes, segment.from, segment.have),
                        segment.length,
                        fin,
                        arrival.nanos,
                        arrival.frame,
                        arrival.acknowledged,
                        arrival.packet));
            }
        } else {
            take(listener, -early, fin, segment.bytes, segment.from, segment.have, segment.length, arrival);
        }
    }

    /** Whether its sender had, when it sent a piece, bytes of the peer's that have not been captured yet. */
    private boolean waitsForPeer(long received) {
        return received > peer.position && peer.seen && !peer.finished;
    }

    /** Takes a segment of which {@code known} bytes came before. */
    private void take(
            StreamListener listener,
            int known,
            boolean fin,
            byte[] bytes,
            int from,
            int have,
            int length,
            Arrival arrival) {
        if (finished || known < 0) {
            return;
        }
        int again = Math.min(known, have);
        // A keep-alive probe repeats the last byte, and any byte will do (RFC 9293 §3.8.4).
        if (again > 0 && length > 1 && known <= position) {
            arrival.offset = position - known;
            listener.again(direction, bytes, from, again, arrival);
        }
        if (known > length) {
            return;
        }
        if (length > known) {
            if (have > known) {
                arrival.offset = position;
                listener.data(direction, bytes, from + known, have - known, arrival);
            }
            if (have < length) {
                int there = Math.max(have, known);
                arrival.offset = position + there - known;
                listener.gap(direction, length - there, arrival);
            }
            advance(length - known);
        }
        if (fin) {
            finished = true;
            next++;
            waiting = null;
            held = 0;
            arrival.offset = position;
            listener.fin(direction, arrival);
        }
    }

    private void advance(long length) {
        next += (int) length;
        position += length;
    }

    private void hold(EarlySegment early) {
        var all = waiting == null ? new ArrayList<EarlySegment>(4) : waiting;
        waiting = all;
        int at = all.size();
        while (at > 0 && all.get(at - 1).sequence() - early.sequence() > 0) {
            at--;
        }
        all.add(at, early);
        held += EARLY_BYTES + early.bytes().length();
    }

    /** Delivers what waits for nothing any more; returns whether that was anything. */
    boolean drain(StreamListener listener, Arrival arrival) {
        boolean moved = false;
        while (waiting != null
                && waiting.getFirst().sequence() - next <= 0
                && !waitsForPeer(waiting.getFirst().acknowledged())) {
            deliverFirst(waiting, listener, arrival);
            moved = true;
        }
        return moved;
    }

    private void deliverFirst(List<EarlySegment> all, StreamListener listener, Arrival arrival) {
        var first = all.removeFirst();
        held -= EARLY_BYTES + first.bytes().length();
        if (all.isEmpty()) {
            waiting = null;
        }
        arrival.nanos = first.nanos();
        arrival.frame = first.frame();
        arrival.acknowledged = first.acknowledged();
        take(
                listener,
                next - first.sequence(),
                first.fin(),
                first.bytes().toArray(),
                0,
                first.bytes().length(),
                first.length(),
                arrival);
    }

    /** Whether it has waited long enough for missing or pending bytes. */
    boolean late(long nanos, int packet) {
        if (waiting == null) {
            return ackAhead() && mixedUp(nanos - ackNanos, packet - ackPacket);
        }
        var first = waiting.getFirst();
        return held > MAX_HELD
                || waiting.size() > MAX_EARLY_SEGMENTS
                || nanos - first.nanos() > MAX_WAIT_NANOS
                || ((ackAhead() || waitsForPeer(first.acknowledged()))
                        && mixedUp(nanos - first.nanos(), packet - first.packet()));
    }

    private static boolean mixedUp(long nanos, int packets) {
        return packets > MAX_MIXED_PACKETS || (nanos > MAX_MIXED_NANOS && packets > MAX_SLOW_PACKETS);
    }

    /** Whether something is missing here, or waits, when nothing more will be captured. */
    boolean unfinished() {
        return hole() || waiting != null;
    }

    /** With which packet of the connection it became known that bytes are missing here; the highest number where none are. */
    int holeSince() {
        if (!hole()) {
            return Integer.MAX_VALUE;
        }
        int behind = waiting == null ? ackPacket : waiting.getFirst().packet();
        return ackAhead() ? Math.min(behind, ackPacket) : behind;
    }

    /** Missing bytes will not come: continues after them. */
    void giveUp(StreamListener listener, Arrival arrival) {
        var all = waiting;
        if (all != null && all.getFirst().sequence() - next <= 0) {
            deliverFirst(all, listener, arrival);
            return;
        }
        long missing = (highestAck - next) & 0xFFFFFFFFL;
        if (all != null) {
            var first = all.getFirst();
            arrival.nanos = first.nanos();
            arrival.frame = first.frame();
            if (!ackAhead() || first.sequence() - highestAck < 0) {
                missing = (first.sequence() - next) & 0xFFFFFFFFL;
            }
        }
        // What the peer sent when it had a part of that comes before the rest.
        var answer =
                peer.waiting == null ? Arrival.UNKNOWN : peer.waiting.getFirst().acknowledged();
        if (answer > position && answer - position < missing) {
            missing = answer - position;
        }
        ackNanos = arrival.nanos;
        ackPacket = arrival.packet;
        gap(listener, missing, arrival);
    }

    private void gap(StreamListener listener, long length, Arrival arrival) {
        arrival.offset = position;
        arrival.acknowledged = Arrival.UNKNOWN;
        listener.gap(direction, length, arrival);
        advance(length);
    }

    /** A reset that was captured before earlier bytes waits for them. */
    void reset(int sequence, Arrival arrival) {
        seen = true;
        boolean ofAnother = refusesAnother(sequence);
        acknowledged &= !ofAnother;
        reset = new WaitingReset(ofAnother ? next : sequence, arrival.nanos, arrival.frame);
    }

    /**
     * Whether it refuses an acknowledgement of another connection: the answer to our SYN, of which nothing followed, came from who still
     * believes in an older one, and the reset takes over its number (RFC 9293 §3.5.2, RFC 5961 §4).
     */
    private boolean refusesAnother(int sequence) {
        return startKnown
                && position == 0
                && waiting == null
                && ackAhead()
                && sequence == highestAck
                && !peer.startKnown
                && peer.position == 0
                && peer.waiting == null;
    }

    /** Tells of a reset that waits for nothing any more. */
    void drainReset(StreamListener listener, Arrival arrival) {
        var waits = reset;
        if (waits != null
                && waiting == null
                && peer.waiting == null
                && !peer.ackAhead()
                && (!started || finished || waits.sequence() - next <= 0)) {
            deliver(waits, listener, arrival);
        }
    }

    private void deliver(WaitingReset waits, StreamListener listener, Arrival arrival) {
        reset = null;
        arrival.nanos = waits.nanos();
        arrival.frame = waits.frame();
        arrival.acknowledged = Arrival.UNKNOWN;
        arrival.offset = position;
        listener.reset(direction, arrival);
    }

    /** Nothing more is captured or waits: reports bytes missing before a reset, and those of a side that was never seen. */
    void end(StreamListener listener, Arrival arrival) {
        var waits = reset;
        if (waits != null) {
            int missing = waits.sequence() - next;
            if (started && !finished && missing > 0) {
                gap(listener, missing > MAX_WINDOW ? 0 : missing, arrival);
            }
            deliver(waits, listener, arrival);
        }
        if (!seen && peer.seen && started) {
            gap(listener, 0, arrival);
        }
    }
}
