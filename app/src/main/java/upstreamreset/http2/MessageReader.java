// SPDX-License-Identifier: Apache-2.0
package upstreamreset.http2;

import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;
import upstreamreset.http1.Rule;
import upstreamreset.http2.FieldDecoder.Fields;

/**
 * Reads what one side of a connection sends: joins field blocks (RFC 9113 §4.3), decodes them, and reports the frames
 * that break a rule in any state of their stream.
 */
public final class MessageReader implements FrameReader.Handler {
    private final boolean server;
    private final Settings peer;
    private final Settings own = new Settings();
    private final Handler handler;
    private final FrameReader frames;
    private final FieldDecoder decoder;
    private @Nullable Frame head;
    private HeaderBlock block = new HeaderBlock();
    private int headBytes;
    private int promised;
    private boolean begun;
    private boolean inPart;
    private int empty;

    /** Takes the content of the frames, in order. */
    public interface Handler {
        /** A frame's first byte has come. */
        default void begun(Frame frame) {}

        /** A whole field block, which {@code first} began; all of its frames take {@code bytes}. */
        default void fields(Frame first, int bytes, Fields fields) {}

        /** A field block of {@code first} is not in the capture, or not all of it. */
        default void fieldsMissing(Frame first) {}

        /** {@code frame} reserves the stream {@code stream} for a response to the request {@code fields}. */
        default void promised(Frame frame, int stream, Fields fields) {}

        /** {@code length} bytes of a body, without their padding; -1 if their number is unknown. */
        default void data(Frame frame, int length) {}

        default void reset(Frame frame, long code) {}

        default void goAway(GoAway goAway) {}

        /** {@code frame} breaks a rule by its bytes [offset, offset + length). */
        default void wrong(Rule rule, Frame frame, long offset, int length) {}

        /** The other side may send {@code bytes} more, on a stream or on all. */
        default void window(Frame frame, long bytes) {}

        /** Frames may be missing. */
        default void resumed() {}
    }

    /**
     * For what a side sends.
     *
     * @param server whether it is the server
     * @param peer what the other side has announced
     * @param position where its first byte is in what it sends
     * @param lost whether it was not seen from its beginning
     * @param open tells a stream that has begun and not ended
     */
    public MessageReader(
            boolean server, Settings peer, Handler handler, long position, boolean lost, IntPredicate open) {
        this.server = server;
        this.peer = peer;
        this.handler = handler;
        this.frames = new FrameReader(this, position, lost, open);
        this.decoder = new FieldDecoder(lost);
        this.begun = lost;
        this.inPart = lost;
    }

    public void feed(byte[] bytes, int from, int to) {
        frames.feed(bytes, from, to);
    }

    /** {@code length} bytes are not in the capture; 0 if their number is unknown. */
    public void gap(long length) {
        frames.gap(length);
    }

    /** The settings that this side has announced. */
    public Settings settings() {
        return own;
    }

    /** The position of its next byte in its bytes. */
    public long position() {
        return frames.position();
    }

    /** Whether frames, or what field blocks refer to, are not in the capture. */
    public boolean inPart() {
        return inPart || decoder.lost() || frames.lost();
    }

    /** Whether it was seen up to the end of a frame. */
    public boolean atFramesEnd() {
        return !frames.lost() && !frames.inFrame();
    }

    /** About how much memory it takes, in bytes. */
    public long held() {
        return frames.held() + block.held() + decoder.held();
    }

    @Override
    public void begun(Frame frame) {
        handler.begun(frame);
    }

    @Override
    public void resumed() {
        inPart = true;
        begun = true;
        abandon();
        decoder.lose();
        handler.resumed();
    }

    @Override
    public void frameWithHole(Frame frame) {
        switch (frame.type()) {
            case DATA -> handler.data(frame, -1);
            case HEADERS, PUSH_PROMISE, CONTINUATION -> {
                inPart = true;
                var first = frame.type() == FrameType.CONTINUATION && head != null ? head : frame;
                abandon();
                decoder.lose();
                handler.fieldsMissing(first);
            }
            default -> {}
        }
    }

    @Override
    public void frame(Frame frame, byte[] payload, int kept) {
        var type = frame.type();
        if (!begun && server && (type != FrameType.SETTINGS || frame.ack())) {
            wrong(Rule.UNEXPECTED_FRAME, frame);
        }
        begun = true;
        count(frame);
        if (head != null && (type != FrameType.CONTINUATION || frame.stream() != head.stream())) {
            wrong(Rule.UNEXPECTED_FRAME, frame);
            abandon();
            decoder.lose();
        }
        if (!type.permits(frame.stream())) {
            wrong(Rule.UNEXPECTED_FRAME, frame);
        } else if (!type.permitsLength(frame.length(), frame.flags()) || frame.length() > peer.maxFrameSize()) {
            wrong(Rule.FRAME_SIZE_ERROR, frame);
        } else {
            read(frame, payload, kept);
            return;
        }
        if (type == FrameType.HEADERS || type == FrameType.PUSH_PROMISE || type == FrameType.CONTINUATION) {
            decoder.lose();
        }
    }

    /** Two empty frames in a row are an attack to Envoy: its max_consecutive_inbound_frames_with_empty_payload is 1. */
    private void count(Frame frame) {
        switch (frame.type()) {
            case DATA, HEADERS, CONTINUATION -> {
                empty = frame.length() == 0 && !frame.endStream() ? empty + 1 : 0;
                if (empty == 2) {
                    wrong(Rule.EMPTY_FRAMES, frame);
                }
            }
            default -> {}
        }
    }

    private void read(Frame frame, byte[] payload, int kept) {
        switch (frame.type()) {
            case DATA -> data(frame, payload, kept);
            case HEADERS -> begin(frame, payload, kept, frame.priority() ? 5 : 0);
            case PUSH_PROMISE -> begin(frame, payload, kept, 4);
            case CONTINUATION -> goOn(frame, payload, kept);
            case RST_STREAM -> handler.reset(frame, Frame.int32(payload, 0) & 0xffff_ffffL);
            case SETTINGS -> settings(frame, payload, kept);
            case GOAWAY -> handler.goAway(GoAway.of(frame, payload, kept));
            case WINDOW_UPDATE -> {
                int more = Frame.int32(payload, 0) & Integer.MAX_VALUE;
                if (more == 0) {
                    wrong(Rule.INVALID_WINDOW_UPDATE, frame);
                } else {
                    handler.window(frame, more);
                }
            }
            case PRIORITY, PING, UNKNOWN -> {}
        }
    }

    private void data(Frame frame, byte[] payload, int kept) {
        int padding = frame.padded() && kept > 0 ? 1 + (payload[0] & 0xff) : 0;
        if (padding > frame.length()) {
            wrong(Rule.INVALID_PADDING, frame);
        }
        handler.data(frame, Math.max(0, frame.length() - padding));
    }

    private void begin(Frame frame, byte[] payload, int kept, int fixed) {
        int padding = frame.padded() ? payload[0] & 0xff : 0;
        int from = fixed + (frame.padded() ? 1 : 0);
        if (from + padding > frame.length()) {
            wrong(Rule.INVALID_PADDING, frame);
            decoder.lose();
            return;
        }
        block = new HeaderBlock();
        head = frame;
        headBytes = frame.bytes();
        promised = frame.type() == FrameType.PUSH_PROMISE ? Frame.int32(payload, from - 4) & Integer.MAX_VALUE : 0;
        add(frame, payload, from, Math.min(kept, frame.length() - padding));
    }

    private void goOn(Frame frame, byte[] payload, int kept) {
        if (head == null) {
            if (!inPart) {
                wrong(Rule.UNEXPECTED_FRAME, frame);
            }
            decoder.lose();
            return;
        }
        headBytes += frame.bytes();
        add(frame, payload, 0, kept);
    }

    private void add(Frame frame, byte[] payload, int from, int to) {
        block.add(payload, from, to, frame.offset() + Frame.HEADER_BYTES + from);
        var first = head;
        if (first == null || !frame.endHeaders()) {
            return;
        }
        head = null;
        var fields = decoder.decode(block, inPart ? Long.MAX_VALUE : peer.tableSize());
        if (fields.failed()) {
            long end = frame.offset() + frame.bytes();
            handler.wrong(Rule.COMPRESSION_ERROR, first, fields.failedAt(), (int)
                    Math.min(end - fields.failedAt(), Integer.MAX_VALUE));
        }
        if (first.type() == FrameType.PUSH_PROMISE) {
            handler.promised(first, promised, fields);
        } else {
            handler.fields(first, headBytes, fields);
        }
        block = new HeaderBlock();
    }

    private void abandon() {
        head = null;
        block = new HeaderBlock();
    }

    private void settings(Frame frame, byte[] payload, int kept) {
        int invalid = frame.ack() ? -1 : own.read(payload, kept, server);
        if (invalid >= 0) {
            handler.wrong(Rule.INVALID_SETTING, frame, frame.offset() + Frame.HEADER_BYTES + invalid, 6);
        }
    }

    private void wrong(Rule rule, Frame frame) {
        handler.wrong(rule, frame, frame.offset(), frame.bytes());
    }
}
