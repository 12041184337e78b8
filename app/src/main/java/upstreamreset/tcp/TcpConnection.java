// SPDX-License-Identifier: Apache-2.0
package upstreamreset.tcp;

/** One connection of the assembler's, and its own key: its two directions once it is known which is which. */
final class TcpConnection extends FlowKey {
    /** Of what is over only the place in the table is needed. */
    private static final HalfStream OVER = new HalfStream(Direction.TO_SERVER);

    private static final long EMPTY_BYTES = 440;

    HalfStream fromA;
    HalfStream fromB;
    StreamListener listener;
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

    TcpConnection(FlowKey key, boolean clientIsA, StreamListener listener) {
        super(key);
        this.listener = listener;
        fromA = new HalfStream(clientIsA ? Direction.TO_SERVER : Direction.TO_CLIENT);
        fromB = new HalfStream(clientIsA ? Direction.TO_CLIENT : Direction.TO_SERVER);
    }

    /** Which of the two sent this, and where it was. */
    void note(TcpSegment segment) {
        if (segment.fromA) {
            sentByA = true;
            sequenceOfA = segment.sequence;
        } else {
            sentByB = true;
            sequenceOfB = segment.sequence;
        }
    }

    /** Whether a packet of this side was seen. */
    boolean sent(boolean byA) {
        return byA ? sentByA : sentByB;
    }

    int lastSequence(boolean ofA) {
        return ofA ? sequenceOfA : sequenceOfB;
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

    /** The same where more may come that there is no memory for. */
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
        fromA.end(listener, arrival);
        fromB.end(listener, arrival);
    }
}
