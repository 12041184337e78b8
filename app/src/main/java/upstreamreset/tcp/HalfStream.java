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
    private boolean acknowledged;
    private int highestAck;
    private boolean finished;
    private @Nullable ArrayList<EarlySegment> waiting;
    private long held;
    private boolean resetWaits;
    private int resetSequence;
    private long resetNanos;

    HalfStream(Direction direction) {
        this.direction = direction;
    }

    /** {@code bytes} are those of its {@code length} that the capture has. */
    private record EarlySegment(int sequence, Bytes bytes, int length, boolean fin) {}

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

    /** Takes one that is no reset. */
    void take(StreamListener listener, TcpSegment segment) {
        int sequence = segment.is(TcpSegment.SYN) ? segment.sequence + 1 : segment.sequence;
        boolean fin = segment.is(TcpSegment.FIN);
        if (!started) {
            start(sequence);
        }
        int early = sequence - next;
        if (early > 0) {
            if (waiting != null || segment.length > 0 || fin) {
                var bytes = Bytes.of(segment.bytes, segment.from, segment.have);
                hold(listener, new EarlySegment(sequence, bytes, segment.length, fin), segment.nanos);
            }
            return;
        }
        if (segment.length > 0 || fin) {
            take(listener, -early, fin, segment.bytes, segment.from, segment.have, segment.length, segment.nanos);
        }
        if (waiting != null || resetWaits) {
            drain(listener, segment.nanos);
        }
    }

    /** Takes a segment of which {@code known} bytes came before. */
    private void take(
            StreamListener listener, int known, boolean fin, byte[] bytes, int from, int have, int length, long nanos) {
        if (finished || known < 0 || known > length) {
            return;
        }
        if (length > known) {
            if (have > known) {
                listener.data(direction, bytes, from + known, have - known, nanos);
            }
            if (have < length) {
                listener.gap(direction, length - Math.max(have, known), nanos);
            }
            next += length - known;
        }
        if (fin) {
            finished = true;
            next++;
            listener.fin(direction, nanos);
        }
    }

    private void hold(StreamListener listener, EarlySegment early, long nanos) {
        var all = waiting == null ? new ArrayList<EarlySegment>(4) : waiting;
        waiting = all;
        int at = all.size();
        while (at > 0 && all.get(at - 1).sequence() - early.sequence() > 0) {
            at--;
        }
        all.add(at, early);
        held += EARLY_BYTES + early.bytes().length();
        if (held > MAX_HELD || all.size() > MAX_EARLY_SEGMENTS) {
            giveUp(listener, nanos);
        }
    }

    private void drain(StreamListener listener, long nanos) {
        var all = waiting;
        while (all != null && !all.isEmpty() && all.getFirst().sequence() - next <= 0) {
            var first = all.removeFirst();
            held -= EARLY_BYTES + first.bytes().length();
            take(
                    listener,
                    next - first.sequence(),
                    first.fin(),
                    first.bytes().toArray(),
                    0,
                    first.bytes().length(),
                    first.length(),
                    nanos);
        }
        if (all != null && all.isEmpty()) {
            waiting = null;
        }
        if (resetWaits && resetSequence - next <= 0) {
            deliverReset(listener);
        }
    }

    /** A reset that was captured before the data that was sent before it waits for that data. */
    void reset(StreamListener listener, int sequence, long nanos) {
        resetSequence = sequence;
        resetNanos = nanos;
        resetWaits = true;
        if (!started || finished || sequence - next <= 0) {
            deliverReset(listener);
        }
    }

    private void deliverReset(StreamListener listener) {
        resetWaits = false;
        listener.reset(direction, resetNanos);
    }

    /** What is missing will not come: goes on behind it. */
    private void giveUp(StreamListener listener, long nanos) {
        var all = waiting;
        if (all != null && !all.isEmpty()) {
            int sequence = all.getFirst().sequence();
            listener.gap(direction, (sequence - next) & 0xFFFFFFFFL, nanos);
            next = sequence;
            drain(listener, nanos);
        }
    }

    /** Nothing more will be captured: what waits is delivered, and what only the other side got is a gap. */
    void end(StreamListener listener, long nanos) {
        while (waiting != null) {
            giveUp(listener, nanos);
        }
        if (started && acknowledged && !finished && highestAck - next > 0) {
            listener.gap(direction, (highestAck - next) & 0xFFFFFFFFL, nanos);
            next = highestAck;
        }
        if (resetWaits) {
            deliverReset(listener);
        }
    }
}
