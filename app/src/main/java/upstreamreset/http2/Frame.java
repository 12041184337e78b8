// SPDX-License-Identifier: Apache-2.0
package upstreamreset.http2;

/**
 * A frame's header (RFC 9113 §4.1).
 *
 * @param offset its position in the bytes that its sender sent on the connection
 * @param length of its payload
 * @param stream 0 for the connection
 */
public record Frame(long offset, FrameType type, int length, int flags, int stream) {
    /** How long the header is. */
    public static final int HEADER_BYTES = 9;

    /** The payload's limit unless its recipient says otherwise (RFC 9113 §6.5.2). */
    public static final int DEFAULT_MAX_LENGTH = 1 << 14;

    static final int ACK = 0x1;
    static final int END_STREAM = 0x1;
    static final int END_HEADERS = 0x4;
    static final int PADDED = 0x8;
    static final int PRIORITY = 0x20;

    /** From nine bytes. */
    static Frame of(long offset, byte[] bytes, int at) {
        return new Frame(
                offset,
                FrameType.of(bytes[at + 3] & 0xff),
                int32(bytes, at) >>> 8,
                bytes[at + 4] & 0xff,
                int32(bytes, at + 5) & Integer.MAX_VALUE);
    }

    static int int32(byte[] bytes, int at) {
        return bytes[at] << 24 | (bytes[at + 1] & 0xff) << 16 | (bytes[at + 2] & 0xff) << 8 | (bytes[at + 3] & 0xff);
    }

    /** For example {@code PING, 3 bytes, flags 0x1, stream 0}. */
    public String text() {
        return "%s, %d bytes, flags 0x%x, stream %d".formatted(type, length, flags, stream);
    }

    /** With its header. */
    public int bytes() {
        return HEADER_BYTES + length;
    }

    private boolean has(int flag) {
        return (flags & flag) != 0;
    }

    public boolean ack() {
        return has(ACK);
    }

    public boolean endStream() {
        return has(END_STREAM) && (type == FrameType.DATA || type == FrameType.HEADERS);
    }

    public boolean endHeaders() {
        return has(END_HEADERS);
    }

    boolean padded() {
        return has(PADDED) && (type == FrameType.DATA || type == FrameType.HEADERS || type == FrameType.PUSH_PROMISE);
    }

    boolean priority() {
        return has(PRIORITY) && type == FrameType.HEADERS;
    }
}
