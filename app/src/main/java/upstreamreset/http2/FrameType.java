// SPDX-License-Identifier: Apache-2.0
package upstreamreset.http2;

/** The types of frames (RFC 9113 §6), with the flags, lengths and streams that each one permits. */
public enum FrameType {
    DATA(0x9, On.STREAM),
    HEADERS(0x2d, On.STREAM),
    PRIORITY(0, On.STREAM),
    RST_STREAM(0, On.STREAM),
    SETTINGS(0x1, On.CONNECTION),
    PUSH_PROMISE(0xc, On.STREAM),
    PING(0x1, On.CONNECTION),
    GOAWAY(0, On.CONNECTION),
    WINDOW_UPDATE(0, On.BOTH),
    CONTINUATION(0x4, On.STREAM),
    /** An extension's; who does not know it ignores it (RFC 9113 §4.1). */
    UNKNOWN(0xff, On.BOTH);

    private static final FrameType[] ALL = values();

    private final int flags;
    private final On on;

    private enum On {
        STREAM,
        CONNECTION,
        BOTH
    }

    FrameType(int flags, On on) {
        this.flags = flags;
        this.on = on;
    }

    static FrameType of(int code) {
        return code < ALL.length - 1 ? ALL[code] : UNKNOWN;
    }

    /** Whether it may be on this stream; 0 is the connection. */
    boolean permits(int stream) {
        return on == On.BOTH || (on == On.STREAM) == (stream != 0);
    }

    /** Whether these flags have no bit that it does not define. */
    boolean defines(int set) {
        return (set & ~flags) == 0;
    }

    /** Whether its payload can be this long. */
    boolean permitsLength(int length, int set) {
        return switch (this) {
            case PRIORITY -> length == 5;
            case RST_STREAM, WINDOW_UPDATE -> length == 4;
            case SETTINGS -> (set & Frame.ACK) == 0 ? length % 6 == 0 : length == 0;
            case PING -> length == 8;
            case GOAWAY -> length >= 8;
            case PUSH_PROMISE -> length >= ((set & Frame.PADDED) == 0 ? 4 : 5);
            case HEADERS, DATA ->
                length
                        >= ((set & Frame.PADDED) == 0 ? 0 : 1)
                                + (this == HEADERS && (set & Frame.PRIORITY) != 0 ? 5 : 0);
            case CONTINUATION, UNKNOWN -> true;
        };
    }

    /** How many bytes of its payload are worth keeping. */
    int kept(boolean padded) {
        return switch (this) {
            case HEADERS, PUSH_PROMISE, CONTINUATION -> HeaderBlock.MAX_BYTES;
            case RST_STREAM, WINDOW_UPDATE -> 4;
            case SETTINGS -> 6 * Settings.MAX_ENTRIES;
            case GOAWAY -> 8 + GoAway.MAX_WORDS;
            case DATA -> padded ? 1 : 0;
            case PRIORITY, PING, UNKNOWN -> 0;
        };
    }
}
