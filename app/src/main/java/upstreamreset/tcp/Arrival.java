// SPDX-License-Identifier: Apache-2.0
package upstreamreset.tcp;

/**
 * When and where a piece of a stream was captured. An assembler reuses one object for all pieces, to avoid garbage: its
 * values are valid only during the listener's call.
 */
public final class Arrival {
    /** What {@link #acknowledged} is when nobody knows. */
    public static final long UNKNOWN = -1;

    long nanos;
    long frame;
    long offset;
    long acknowledged = UNKNOWN;

    /** Which packet of its connection it came in. */
    int packet;

    Arrival() {}

    /** That of a piece of which only the time is known. */
    public static Arrival at(long nanos) {
        var arrival = new Arrival();
        arrival.nanos = nanos;
        return arrival;
    }

    /** That of a piece that a test or a tap places. */
    public static Arrival at(long nanos, long frame, long offset, long acknowledged) {
        var arrival = at(nanos);
        arrival.frame = frame;
        arrival.offset = offset;
        arrival.acknowledged = acknowledged;
        return arrival;
    }

    /** When its own packet was captured, since the epoch. */
    public long nanos() {
        return nanos;
    }

    /** Its packet's number in the capture, the first is 1 as in Wireshark; 0 where there is none. */
    public long frame() {
        return frame;
    }

    /** Where it begins in what its sender sent on the connection, what is not in the capture counted too. */
    public long offset() {
        return offset;
    }

    /** How many bytes of the other direction its sender had received when it sent this; {@link #UNKNOWN} if nobody knows. */
    public long acknowledged() {
        return acknowledged;
    }
}
