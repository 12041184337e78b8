// SPDX-License-Identifier: Apache-2.0
package upstreamreset.tcp;

/** One connection of the assembler, which is also its own key; it has two directions once their roles are known. */
final class TcpConnection extends FlowKey {
    /** Of what is over only the place in the table is needed. */
    private static final HalfStream OVER = new HalfStream(Direction.TO_SERVER);

    private static final long EMPTY_BYTES = 520;

    HalfStream fromA;
    HalfStream fromB;
    StreamListener listener;
    final int number;
    long lastNanos;
    int firstSequence;
    boolean over;
    boolean ended;
    /** For {@link QuietWatch}. */
    boolean watched;

    long lastCame;
    private long held;
    private boolean sentByA;
    private boolean sentByB;
    private int sequenceOfA;
    private int sequenceOfB;

    /** The first sequence number of each, as Wireshark takes it: that of the SYN, or the one before the first one seen. */
    private int startOfA;

    private int startOfB;
    private boolean startOfAKnown;
    private boolean startOfBKnown;
    private int packets;

    /** {@code number} is Wireshark's. */
    TcpConnection(FlowKey key, int number, boolean clientIsA, StreamListener listener) {
        super(key);
        this.number = number;
        this.listener = listener;
        fromA = new HalfStream(clientIsA ? Direction.TO_SERVER : Direction.TO_CLIENT);
        fromB = new HalfStream(clientIsA ? Direction.TO_CLIENT : Direction.TO_SERVER);
        HalfStream.join(fromA, fromB);
    }

    /** Whether this SYN begins another connection between the same ends: so Wireshark counts. */
    boolean endsWith(TcpSegment syn) {
        return syn.fromA ? startOfAKnown && startOfA != syn.sequence : startOfBKnown && startOfB != syn.sequence;
    }

    /** Whether neither side has sent a byte. */
    boolean isBare() {
        return fromA.isBare() && fromB.isBare();
    }

    /**
     * Whether a server's answer to the SYN comes behind an end of the connection on which nothing was sent: whoever made
     * that end was not the server, and the client did not heed it.
     */
    boolean beginsInSpite(TcpSegment answer) {
        return answer.is(TcpSegment.ACK)
                && !ended
                && isBare()
                && (over || fromA.finished() || fromB.finished())
                && (answer.fromA ? fromA : fromB).toClient();
    }

    /** Nothing but attempts to connect came. */
    void replaced() {
        if (!ended) {
            ended = true;
            listener.replaced();
            release();
        }
    }

    /** Which of the two sent this, and where it was. */
    void note(TcpSegment segment) {
        if (!startOfAKnown || !startOfBKnown) {
            noteStarts(segment);
        }
        if (segment.fromA) {
            sentByA = true;
            sequenceOfA = segment.sequence;
        } else {
            sentByB = true;
            sequenceOfB = segment.sequence;
        }
    }

    private void noteStarts(TcpSegment segment) {
        int start = segment.is(TcpSegment.SYN) ? segment.sequence : segment.sequence - 1;
        boolean acknowledges = segment.is(TcpSegment.ACK);
        if (!startOfAKnown && (segment.fromA || acknowledges)) {
            startOfA = segment.fromA ? start : segment.acknowledged - 1;
            startOfAKnown = true;
        }
        if (!startOfBKnown && (!segment.fromA || acknowledges)) {
            startOfB = segment.fromA ? segment.acknowledged - 1 : start;
            startOfBKnown = true;
        }
    }

    /** Whether a packet of this side was seen. */
    boolean sent(boolean byA) {
        return byA ? sentByA : sentByB;
    }

    int lastSequence(boolean ofA) {
        return ofA ? sequenceOfA : sequenceOfB;
    }

    /** Takes one of its segments; {@code arrival} is to be filled in. */
    void take(TcpSegment segment, Arrival arrival) {
        var half = segment.fromA ? fromA : fromB;
        var other = segment.fromA ? fromB : fromA;
        arrival.nanos = segment.nanos;
        arrival.frame = segment.frame;
        arrival.acknowledged = Arrival.UNKNOWN;
        arrival.packet = ++packets;
        boolean reset = segment.is(TcpSegment.RST);
        if (segment.is(TcpSegment.ACK)) {
            other.acknowledged(segment.acknowledged, reset, arrival);
            arrival.acknowledged = other.offset(segment.acknowledged);
        }
        if (reset) {
            half.reset(segment.sequence, arrival);
            over = true;
        } else {
            half.take(listener, segment, arrival);
        }
        if (half.behind() || other.behind()) {
            settle(segment.nanos, arrival);
        }
    }

    /** Delivers the waiting segments, and stops waiting for bytes that are overdue. */
    private void settle(long nanos, Arrival arrival) {
        while (true) {
            if (!fromA.drain(listener, arrival) && !fromB.drain(listener, arrival)) {
                if (!fromA.late(nanos, packets) && !fromB.late(nanos, packets)) {
                    break;
                }
                arrival.nanos = nanos;
                arrival.frame = 0;
                oldestHole().giveUp(listener, arrival);
            }
        }
        fromA.drainReset(listener, arrival);
        fromB.drainReset(listener, arrival);
    }

    /** The side whose missing bytes were noticed first; without a hole, a side with waiting bytes. */
    private HalfStream oldestHole() {
        return fromA.holeSince() == fromB.holeSince()
                ? fromA.unfinished() ? fromA : fromB
                : fromA.holeSince() < fromB.holeSince() ? fromA : fromB;
    }

    /** Whether the server says something with it, or one side ends the connection. */
    boolean tells(TcpSegment segment) {
        return segment.is(TcpSegment.RST | TcpSegment.FIN)
                || (segment.length > 0 && (segment.fromA ? fromA : fromB).toClient());
    }

    /** Nothing has come for a while: what has waited for others waits no longer. */
    void quiet(Arrival arrival) {
        settleAll(arrival);
        listener.quiet();
    }

    private void settleAll(Arrival arrival) {
        while (fromA.unfinished() || fromB.unfinished()) {
            if (!fromA.drain(listener, arrival) && !fromB.drain(listener, arrival)) {
                oldestHole().giveUp(listener, arrival);
            }
        }
        fromA.drainReset(listener, arrival);
        fromB.drainReset(listener, arrival);
    }

    /** About how much memory it took when {@link #growth} was asked last, in bytes. */
    long held() {
        return held;
    }

    /** By how much that is more now. */
    long growth() {
        long before = held;
        held = EMPTY_BYTES + fromA.held() + fromB.held() + listener.held();
        return held - before;
    }

    /** Nothing more will come; the listener hears so, once, and is let go. */
    void end(Arrival arrival) {
        if (!ended) {
            flush(arrival);
            listener.end();
            release();
        }
    }

    /** The same, if more may come than memory permits. */
    void giveUp(Arrival arrival) {
        flush(arrival);
        listener.givenUp();
        release();
    }

    private void release() {
        listener = StreamListener.NONE;
        fromA = OVER;
        fromB = OVER;
    }

    private void flush(Arrival arrival) {
        ended = true;
        over = true;
        settleAll(arrival);
        fromA.end(listener, arrival);
        fromB.end(listener, arrival);
    }
}
