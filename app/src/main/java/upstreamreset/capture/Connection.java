// SPDX-License-Identifier: Apache-2.0
package upstreamreset.capture;

import org.jspecify.annotations.Nullable;

/** One connection in the table: its key, its two directions once it is known which is which, and its place in line. */
final class Connection {
    /** Of what is over only the place in the table is needed. */
    private static final HalfStream OVER = new HalfStream(Direction.TO_SERVER);

    final long aHigh;
    final long aLow;
    final long bHigh;
    final long bLow;
    final int ports;
    final int number;

    /** Next in the same bucket of the table. */
    @Nullable
    Connection chained;

    /** Neighbours in the line of connections by last packet. */
    @Nullable
    Connection older;

    @Nullable
    Connection newer;

    HalfStream fromA;
    HalfStream fromB;
    final boolean clientIsA;
    StreamListener listener;
    long lastNanos;
    int firstSequence;
    boolean over;
    boolean ended;

    Connection(
            long aHigh,
            long aLow,
            long bHigh,
            long bLow,
            int ports,
            int number,
            boolean clientIsA,
            StreamListener listener) {
        this.aHigh = aHigh;
        this.aLow = aLow;
        this.bHigh = bHigh;
        this.bLow = bLow;
        this.ports = ports;
        this.number = number;
        this.clientIsA = clientIsA;
        this.listener = listener;
        fromA = new HalfStream(clientIsA ? Direction.TO_SERVER : Direction.TO_CLIENT);
        fromB = new HalfStream(clientIsA ? Direction.TO_CLIENT : Direction.TO_SERVER);
    }

    boolean is(long otherAHigh, long otherALow, long otherBHigh, long otherBLow, int otherPorts) {
        return ports == otherPorts
                && aLow == otherALow
                && bLow == otherBLow
                && aHigh == otherAHigh
                && bHigh == otherBHigh;
    }

    /** About how much memory its segments take that wait for others, in bytes. */
    long held() {
        return fromA.held() + fromB.held();
    }

    /** Nothing more will come; the listener hears so, once, and is let go. */
    void end(long nanos) {
        if (!ended) {
            flush(nanos);
            listener.end();
            release();
        }
    }

    /** The same where more may come that there is no memory for. */
    void giveUp(long nanos) {
        flush(nanos);
        listener.givenUp();
        release();
    }

    private void release() {
        listener = StreamListener.NONE;
        fromA = OVER;
        fromB = OVER;
    }

    private void flush(long nanos) {
        ended = true;
        over = true;
        fromA.end(listener, nanos);
        fromB.end(listener, nanos);
    }
}
