// SPDX-License-Identifier: Apache-2.0
package upstreamreset.http2;

import java.util.function.IntPredicate;

/**
 * Decides whether a segment begins with a frame if the preceding bytes are unknown: the RFC must permit each of its
 * frames, and there must be two frames, one frame that fills the segment, or DATA of a stream that is known to be open.
 * Empty DATA is evidence only on an open stream, because many protocols begin with zeros.
 */
public final class FrameChain {
    private static final int MAX_FRAMES = 8;
    private static final int RESERVED = 0x80;

    private FrameChain() {}

    /** Whether the bytes [from, to) begin with frames. */
    public static boolean begins(byte[] bytes, int from, int to) {
        return begins(bytes, from, to, _ -> false);
    }

    static boolean begins(byte[] bytes, int from, int to, IntPredicate open) {
        int at = from;
        int frames = 0;
        while (to - at >= Frame.HEADER_BYTES && frames < MAX_FRAMES) {
            var frame = Frame.of(0, bytes, at);
            if ((bytes[at + 5] & RESERVED) != 0 || !plausible(frame)) {
                return false;
            }
            frames++;
            at += frame.bytes();
            if (frames == 1 && frame.type() == FrameType.DATA && open.test(frame.stream())) {
                return true;
            }
            if (frame.type() == FrameType.DATA && frame.length() == 0) {
                return false;
            }
            if (at >= to) {
                return at == to || frames > 1;
            }
        }
        return frames > 1;
    }

    private static boolean plausible(Frame frame) {
        return frame.type() != FrameType.UNKNOWN
                && frame.length() <= Frame.DEFAULT_MAX_LENGTH
                && frame.type().permits(frame.stream())
                && frame.type().defines(frame.flags())
                && frame.type().permitsLength(frame.length(), frame.flags());
    }
}
