// SPDX-License-Identifier: Apache-2.0
package upstreamreset.tcp;

/**
 * A TCP segment as it was captured (RFC 9293 §3.1). One object is reused for all packets, to avoid garbage: it and its
 * bytes are valid only until the next packet is read.
 */
public final class TcpSegment extends FlowKey {
    public static final int FIN = 1;
    public static final int SYN = 2;
    public static final int RST = 4;
    public static final int PSH = 8;
    public static final int ACK = 16;

    private static final byte[] NONE = {};

    /** When it was captured, since the epoch. */
    public long nanos;

    /** Its packet's number in the capture, from 1 on; 0 if there is none. */
    public long frame;

    public long sourceHigh;
    public long sourceLow;
    public long targetHigh;
    public long targetLow;

    /** Whether a sent it. */
    boolean fromA;

    public int flags;
    public int sequence;
    public int acknowledged;

    /** The payload begins at {@code from}; {@code have} of its {@code length} bytes are there. */
    public byte[] bytes = NONE;

    public int from;
    public int have;
    public int length;

    /** Puts its ends in order, when the addresses are known. */
    public void sent(int sourcePort, int targetPort) {
        fromA = sourceLow != targetLow
                ? sourceLow < targetLow
                : sourceHigh != targetHigh ? sourceHigh < targetHigh : sourcePort <= targetPort;
        if (fromA) {
            aHigh = sourceHigh;
            aLow = sourceLow;
            bHigh = targetHigh;
            bLow = targetLow;
            ports = sourcePort << 16 | targetPort;
        } else {
            aHigh = targetHigh;
            aLow = targetLow;
            bHigh = sourceHigh;
            bLow = sourceLow;
            ports = targetPort << 16 | sourcePort;
        }
    }

    int sourcePort() {
        return fromA ? ports >>> 16 : ports & 0xFFFF;
    }

    int targetPort() {
        return fromA ? ports & 0xFFFF : ports >>> 16;
    }

    /** Whether it has one of the flags above. */
    boolean is(int flag) {
        return (flags & flag) != 0;
    }

    /** Whether the available payload begins so. */
    boolean begins(byte[] prefix) {
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
}
