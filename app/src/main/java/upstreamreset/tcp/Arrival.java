// SPDX-License-Identifier: Apache-2.0
package upstreamreset.tcp;

/**
 * When and where a piece of a stream was captured. An assembler reuses one object for all pieces, to avoid garbage: its
 * values are valid only during the listener's call.
 */
public final class Arrival {
    /** The value of {@link #acknowledged} if it is unknown. */
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

    /** Its packet's number in the capture, the first is 1 as in Wireshark; 0 if there is none. */
    public long frame() {
        return frame;
    }

    /** Its position in its sender's bytes on the connection, including bytes missing from the capture. */
    public long offset() {
        return offset;
    }

    /** How many bytes of the other direction its sender had received when it sent this; {@link #UNKNOWN} if unknown. */
    public long acknowledged() {
        return acknowledged;
    }
}
