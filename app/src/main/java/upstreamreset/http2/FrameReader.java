// SPDX-License-Identifier: Apache-2.0
package upstreamreset.http2;

import java.util.Arrays;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Cuts one direction of a connection into frames (RFC 9113 §4.1), and keeps the parts that its reader needs. It skips
 * missing bytes inside a payload by arithmetic. After other missing bytes, and at a start in mid-stream, it waits for a
 * segment that begins with a frame ({@link FrameChain}).
 */
public final class FrameReader {
    private static final byte[] END_OF_HEAD = {'\r', '\n', '\r', '\n'};
    private static final byte[] NOTHING = {};

    private final Handler handler;
    private final IntPredicate open;
    private final byte[] header = new byte[Frame.HEADER_BYTES];
    private int headerBytes;
    private @Nullable Frame frame;
    private byte[] payload = NOTHING;
    private int kept;
    private int left;
    private boolean hole;
    private long position;
    private State state;
    private int matched;

    /** Takes the frames of a direction, in order. */
    public interface Handler {
        /** A frame's header has come. */
        void begun(Frame frame);

        /** All of a frame has come; the first {@code kept} bytes of {@code payload} are its payload's, and hold only during the call. */
        void frame(Frame frame, byte[] payload, int kept);

        /** All of a frame has been sent, and bytes of its payload are not in the capture. */
        void frameWithHole(Frame frame);

        /** Frames may be missing: where the next one begins was not known until now. */
        void resumed();
    }

    private enum State {
        /** Before the first byte. */
        START,
        PREFACE,
        /** In the head of the HTTP/1 response that switched protocols. */
        HEAD,
        FRAMES,
        LOST
    }

    /**
     * For one direction.
     *
     * @param position where its first byte is in what its sender sent
     * @param lost whether it does not begin with a frame or the preface
     * @param open tells a stream that has begun and not ended
     */
    public FrameReader(Handler handler, long position, boolean lost, IntPredicate open) {
        this.handler = handler;
        this.position = position;
        this.state = lost ? State.LOST : State.START;
        this.open = open;
    }

    /** The position of its next byte in its sender's bytes. */
    public long position() {
        return position;
    }

    /** Whether the next byte may be anything. */
    public boolean lost() {
        return state == State.LOST;
    }

    /** Whether a frame, or the text before the first one, is not whole. */
    public boolean inFrame() {
        return frame != null || headerBytes > 0;
    }

    /** About how much memory it takes, in bytes. */
    public long held() {
        return payload.length;
    }

    /** Takes the next bytes: the rest of a segment, from its beginning if anything is lost. */
    public void feed(byte[] bytes, int from, int to) {
        int at = from;
        if (state == State.LOST && Preface.begins(bytes, from, to)) {
            state = State.START;
            matched = 0;
            handler.resumed();
        } else if (state == State.LOST) {
            if (!FrameChain.begins(bytes, from, to, open)) {
                position += to - from;
                return;
            }
            state = State.FRAMES;
            handler.resumed();
        }
        while (at < to && state != State.LOST) {
            at += state == State.FRAMES ? frames(bytes, at, to) : text(bytes[at]);
        }
        position += to - at;
    }

    /** The text before the first frame, a byte of it; 0 if there is none. */
    private int text(byte b) {
        if (state == State.START) {
            state = b == Preface.at(0) ? State.PREFACE : b == 'H' ? State.HEAD : State.FRAMES;
            if (state == State.FRAMES) {
                return 0;
            }
        }
        boolean preface = state == State.PREFACE;
        if (b == (preface ? Preface.at(matched) : END_OF_HEAD[matched])) {
            matched++;
        } else if (preface) {
            state = State.LOST;
        } else {
            matched = b == END_OF_HEAD[0] ? 1 : 0;
        }
        position++;
        if (matched == (preface ? Preface.LENGTH : END_OF_HEAD.length)) {
            state = State.FRAMES;
        }
        return 1;
    }

    private int frames(byte[] bytes, int from, int to) {
        var current = frame;
        if (current == null) {
            int taken = Math.min(to - from, header.length - headerBytes);
            System.arraycopy(bytes, from, header, headerBytes, taken);
            headerBytes += taken;
            position += taken;
            if (headerBytes == header.length) {
                begin(Frame.of(position - header.length, header, 0));
            }
            return taken;
        }
        int taken = Math.min(to - from, left);
        int wanted = Math.min(taken, current.type().kept(current.padded()) - kept);
        if (wanted > 0 && !hole) {
            if (kept + wanted > payload.length) {
                int most = Math.min(current.length(), current.type().kept(current.padded()));
                payload = Arrays.copyOf(payload, Math.min(most, Math.max(kept + wanted, 2 * payload.length)));
            }
            System.arraycopy(bytes, from, payload, kept, wanted);
            kept += wanted;
        }
        position += taken;
        left -= taken;
        endIfWhole(current);
        return taken;
    }

    private void begin(Frame begun) {
        headerBytes = 0;
        frame = begun;
        left = begun.length();
        kept = 0;
        hole = false;
        handler.begun(begun);
        endIfWhole(begun);
    }

    private void endIfWhole(Frame current) {
        if (left > 0) {
            return;
        }
        frame = null;
        if (hole && !(current.type() == FrameType.DATA && (!current.padded() || kept > 0))) {
            handler.frameWithHole(current);
        } else {
            handler.frame(current, payload, kept);
        }
        payload = payload.length > Frame.DEFAULT_MAX_LENGTH ? NOTHING : payload;
    }

    /** {@code length} bytes are not in the capture; 0 if their number is unknown. */
    public void gap(long length) {
        position += length;
        var current = frame;
        if (state == State.FRAMES && current != null && length > 0 && length <= left) {
            hole = true;
            left -= (int) length;
            endIfWhole(current);
        } else {
            state = State.LOST;
            frame = null;
            headerBytes = 0;
        }
    }
}
