// SPDX-License-Identifier: Apache-2.0
package upstreamreset.tcp;

import java.util.ArrayList;
import org.jspecify.annotations.Nullable;
import upstreamreset.wire.Bytes;

/**
 * One direction of a connection, put in order (RFC 9293 §3.4): what came early waits, what came again is dropped, the
 * bytes that came first stand. Sequence numbers wrap, so only their differences are compared.
 */
final class HalfStream {
    private static final int MAX_HELD = 1 << 18;
    private static final int MAX_EARLY_SEGMENTS = 256;
    private static final long EARLY_BYTES = 100;

    private final Direction direction;
    private boolean started;
    private int next;

    /** How many bytes were sent before {@link #next}. */
    private long position;

    private boolean acknowledged;
    private int highestAck;
    private boolean finished;
    private @Nullable ArrayList<EarlySegment> waiting;
    private long held;
    private boolean resetWaits;
    private int resetSequence;
    private long resetNanos;
    private long resetFrame;

    HalfStream(Direction direction) {
        this.direction = direction;
    }

    /** {@code bytes} are those of its {@code length} that the capture has. */
    private record EarlySegment(
            int sequence, Bytes bytes, int length, boolean fin, long nanos, long frame, long acknowledged) {}

    boolean toClient() {
        return direction == Direction.TO_CLIENT;
    }

    boolean finished() {
        return finished;
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

    /** The other side has everything before {@code sequence}. */
    void acknowledged(int sequence) {
        if (!started) {
            start(sequence);
        }
        if (!acknowledged || sequence - highestAck > 0) {
            acknowledged = true;
            highestAck = sequence;
        }
    }

    /** Where {@code sequence} is in what was sent in this direction; unknown before anything is known of it. */
    long offset(int sequence) {
        return started ? position + (sequence - next) : Arrival.UNKNOWN;
    }

    /** Takes one that is no reset; {@code arrival} is its own. */
    void take(StreamListener listener, TcpSegment segment, Arrival arrival) {
        int sequence = segment.is(TcpSegment.SYN) ? segment.sequence + 1 : segment.sequence;
        boolean fin = segment.is(TcpSegment.FIN);
        if (!started) {
            start(sequence);
        }
        int early = sequence - next;
        if (early > 0) {
            if (waiting != null || segment.length > 0 || fin) {
                var bytes = Bytes.of(segment.bytes, segment.from, segment.have);
                hold(
                        listener,
                        new EarlySegment(
                                sequence,
                                bytes,
                                segment.length,
                                fin,
                                arrival.nanos,
                                arrival.frame,
                                arrival.acknowledged),
                        arrival);
            }
            return;
        }
        if (segment.length > 0 || fin) {
            take(listener, -early, fin, segment.bytes, segment.from, segment.have, segment.length, arrival);
        }
        if (waiting != null || resetWaits) {
            drain(listener, arrival);
        }
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
        if (finished || known < 0 || known > length) {
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
            arrival.offset = position;
            listener.fin(direction, arrival);
        }
    }

    private void advance(long length) {
        next += (int) length;
        position += length;
    }

    private void hold(StreamListener listener, EarlySegment early, Arrival arrival) {
        var all = waiting == null ? new ArrayList<EarlySegment>(4) : waiting;
        waiting = all;
        int at = all.size();
        while (at > 0 && all.get(at - 1).sequence() - early.sequence() > 0) {
            at--;
        }
        all.add(at, early);
        held += EARLY_BYTES + early.bytes().length();
        if (held > MAX_HELD || all.size() > MAX_EARLY_SEGMENTS) {
            giveUp(listener, arrival);
        }
    }

    private void drain(StreamListener listener, Arrival arrival) {
        var all = waiting;
        while (all != null && !all.isEmpty() && all.getFirst().sequence() - next <= 0) {
            var first = all.removeFirst();
            held -= EARLY_BYTES + first.bytes().length();
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
        if (all != null && all.isEmpty()) {
            waiting = null;
        }
        if (resetWaits && resetSequence - next <= 0) {
            deliverReset(listener, arrival);
        }
    }

    /** A reset that was captured before the data that was sent before it waits for that data. */
    void reset(StreamListener listener, int sequence, Arrival arrival) {
        resetSequence = sequence;
        resetNanos = arrival.nanos;
        resetFrame = arrival.frame;
        resetWaits = true;
        if (!started || finished || sequence - next <= 0) {
            deliverReset(listener, arrival);
        }
    }

    private void deliverReset(StreamListener listener, Arrival arrival) {
        resetWaits = false;
        arrival.nanos = resetNanos;
        arrival.frame = resetFrame;
        arrival.offset = position;
        listener.reset(direction, arrival);
    }

    /** What is missing will not come: goes on behind it. */
    private void giveUp(StreamListener listener, Arrival arrival) {
        var all = waiting;
        if (all != null && !all.isEmpty()) {
            int sequence = all.getFirst().sequence();
            gap(listener, (sequence - next) & 0xFFFFFFFFL, arrival);
            drain(listener, arrival);
        }
    }

    private void gap(StreamListener listener, long length, Arrival arrival) {
        arrival.offset = position;
        listener.gap(direction, length, arrival);
        advance(length);
    }

    /** Nothing more will be captured: what waits is delivered, and what only the other side got is a gap. */
    void end(StreamListener listener, Arrival arrival) {
        while (waiting != null) {
            giveUp(listener, arrival);
        }
        if (started && acknowledged && !finished && highestAck - next > 0) {
            gap(listener, (highestAck - next) & 0xFFFFFFFFL, arrival);
        }
        if (resetWaits) {
            deliverReset(listener, arrival);
        }
    }
}
