// SPDX-License-Identifier: Apache-2.0
package upstreamreset.origin;

import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import upstreamreset.http2.Preface;
import upstreamreset.wire.Bytes;

/**
 * A cursor over the frames in a client's bytes, in any segmentation: it checks the connection preface and reads no
 * fields (RFC 9113 §3.4, §4.1). Not thread-safe; it holds what it was fed and has not handed out, which the caller
 * bounds.
 */
public final class Http2Frames {
    private static final int HEADER_LENGTH = 9;
    /** SETTINGS_MAX_FRAME_SIZE where nobody has said otherwise (RFC 9113 §6.5.2). */
    private static final int MAX_FRAME_SIZE = 16_384;

    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int END_STREAM = 0x1;

    private byte[] bytes = new byte[256];
    private int from;
    private int to;
    private boolean prefaceRead;

    /** One frame, without its length and its stream: an origin has one stream at a time. */
    public record Frame(int type, int flags, Bytes payload) {
        public boolean headers() {
            return type == HEADERS;
        }

        /** Whether no more of its stream comes from the client. */
        public boolean endsStream() {
            return (type == HEADERS || type == DATA) && has(END_STREAM);
        }

        public boolean has(int flag) {
            return (flags & flag) != 0;
        }
    }

    /** Adds bytes after those that came before. */
    public void feed(byte[] source, int offset, int length) {
        if (bytes.length - to < length) {
            bytes = Arrays.copyOf(Arrays.copyOfRange(bytes, from, to), Math.max(2 * (to - from), to - from + length));
            to -= from;
            from = 0;
        }
        System.arraycopy(source, offset, bytes, to, length);
        to += length;
    }

    /**
     * The next frame; empty until all of it has come.
     *
     * @throws IOException when the bytes do not begin with HTTP/2's preface, or a frame is longer than its receiver allows
     */
    public Optional<Frame> next() throws IOException {
        if (!prefaceRead) {
            if (to < Preface.LENGTH) {
                return Optional.empty();
            }
            if (!Preface.begins(bytes, 0, to)) {
                throw new IOException("no HTTP/2 preface");
            }
            prefaceRead = true;
            from = Preface.LENGTH;
        }
        if (to - from < HEADER_LENGTH) {
            return Optional.empty();
        }
        int length = (bytes[from] & 0xff) << 16 | (bytes[from + 1] & 0xff) << 8 | (bytes[from + 2] & 0xff);
        if (length > MAX_FRAME_SIZE) {
            throw new IOException("a frame of " + length + " bytes");
        }
        int payload = from + HEADER_LENGTH;
        if (to - payload < length) {
            return Optional.empty();
        }
        var frame = new Frame(bytes[from + 3], bytes[from + 4], Bytes.of(bytes, payload, length));
        from = payload + length;
        return Optional.of(frame);
    }
}
