// SPDX-License-Identifier: Apache-2.0
package upstreamreset.http1;

import java.io.ByteArrayOutputStream;
import java.util.List;
import upstreamreset.wire.Bytes;

/** Reads a body to its end under any framing, and removes the chunk framing (RFC 9112 §6 and §7). */
final class BodyReader {
    private static final int MAX_LINE = 64 * 1024;

    private final BodyFraming framing;
    private final int keep;
    private final Violations violations;
    private final FieldSection trailers;
    private final LineCollector line = new LineCollector();
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream(0);

    private State state;
    private long remaining;
    private long length;
    private int chunks;
    private int trailerLength;

    enum State {
        DATA,
        CHUNK_SIZE,
        CHUNK_DATA,
        CHUNK_END,
        TRAILERS,
        UNTIL_CLOSE,
        DONE,
        UNREADABLE
    }

    BodyReader(BodyFraming framing, int keep, Violations violations) {
        this.framing = framing;
        this.keep = keep;
        this.violations = violations;
        this.trailers = new FieldSection(violations);
        remaining = framing.length();
        state = switch (framing.kind()) {
            case CHUNKED -> State.CHUNK_SIZE;
            case CONTENT_LENGTH -> remaining == 0 ? State.DONE : State.DATA;
            case CLOSE_DELIMITED, TUNNEL, HTTP2, UNKNOWN -> State.UNTIL_CLOSE;
            case NONE -> State.DONE;
        };
    }

    boolean done() {
        return state == State.DONE;
    }

    boolean unreadable() {
        return state == State.UNREADABLE;
    }

    Bytes kept() {
        return Bytes.of(kept.toByteArray());
    }

    long length() {
        return length;
    }

    int chunks() {
        return chunks;
    }

    List<FieldLine> trailers() {
        return trailers.lines();
    }

    /** About how much memory it takes beside what was to be kept of the body. */
    long held() {
        return 2L * line.length()
                + trailerLength
                + ResponseReader.LINE_BYTES * trailers.lines().size();
    }

    /** How complete the body is when the connection ends like this. */
    Completeness completeness(CloseReason closedBy) {
        return switch (state) {
            case DONE -> Completeness.COMPLETE;
            case UNREADABLE -> Completeness.UNREADABLE;
            case TRAILERS -> Completeness.IN_TRAILERS;
            case DATA, CHUNK_DATA, CHUNK_END -> Completeness.IN_BODY;
            case CHUNK_SIZE -> partialSize();
            case UNTIL_CLOSE ->
                switch (framing.kind()) {
                    case UNKNOWN -> Completeness.UNREADABLE;
                    case TUNNEL -> Completeness.COMPLETE;
                    default -> closedBy == CloseReason.FIN ? Completeness.COMPLETE : Completeness.IN_BODY;
                };
        };
    }

    /** A cut chunk size line means a cut body, unless its first part is already invalid. A last CR may be half a line end. */
    private Completeness partialSize() {
        int length = line.length();
        int content = length > 1 && line.bytes()[length - 1] == '\r' ? length - 1 : length;
        if (content > 0 && ChunkSize.read(line.bytes(), content).invalid()) {
            violations.add(Rule.INVALID_CHUNK_SIZE, line.offset(), line.bytes(), 0, content);
            return Completeness.UNREADABLE;
        }
        return Completeness.IN_BODY;
    }

    /** Passes over missing bytes, as far as they are data; returns how many that were. */
    long skip(long missing) {
        long skipped = switch (state) {
            case DATA, CHUNK_DATA -> Math.min(remaining, missing);
            case UNTIL_CLOSE, UNREADABLE -> missing;
            case CHUNK_SIZE, CHUNK_END, TRAILERS, DONE -> 0;
        };
        length += skipped;
        if (state == State.DATA || state == State.CHUNK_DATA) {
            passed(skipped);
        }
        return skipped;
    }

    /** Reads the next bytes, at {@code position} in the stream, and returns how many it used. */
    int take(byte[] segment, int from, int to, long position) {
        return switch (state) {
            case DATA, CHUNK_DATA -> data(segment, from, to);
            case UNTIL_CLOSE, UNREADABLE -> untilClose(segment, from, to);
            case CHUNK_SIZE, CHUNK_END, TRAILERS -> line(segment, from, to, position);
            case DONE -> throw new IllegalStateException("the body is done");
        };
    }

    private int data(byte[] segment, int from, int to) {
        int taken = (int) Math.min(remaining, to - from);
        keep(segment, from, taken);
        passed(taken);
        return taken;
    }

    private void passed(long data) {
        remaining -= data;
        if (remaining == 0) {
            state = state == State.DATA ? State.DONE : State.CHUNK_END;
        }
    }

    private int untilClose(byte[] segment, int from, int to) {
        if (state == State.UNTIL_CLOSE) {
            keep(segment, from, to - from);
        }
        return to - from;
    }

    private void keep(byte[] segment, int from, int taken) {
        kept.write(segment, from, Math.min(taken, keep - kept.size()));
        length += taken;
    }

    private int line(byte[] segment, int from, int to, long position) {
        int limit = state == State.CHUNK_END ? 2 : MAX_LINE;
        int taken = line.take(segment, from, to, position, limit);
        if (line.complete()) {
            wholeLine();
            line.clear();
        } else if (line.length() == limit) {
            tooLong();
        }
        return taken;
    }

    private void wholeLine() {
        if (line.contentLength() == line.length() - 1) {
            violations.add(Rule.BARE_LF, line.offset(), line.bytes(), 0, line.length());
        }
        if (state == State.CHUNK_SIZE) {
            chunkSize();
        } else if (state == State.TRAILERS) {
            trailer();
        } else if (line.contentLength() > 0) {
            stop(Rule.MISSING_CHUNK_END);
        } else {
            state = State.CHUNK_SIZE;
        }
    }

    private void chunkSize() {
        var size = ChunkSize.read(line.bytes(), line.contentLength());
        if (size.size() < 0) {
            stop(size.violation().orElseThrow());
            return;
        }
        if (size.violation().isPresent()) {
            violations.add(size.violation().get(), line.offset(), line.bytes(), 0, line.contentLength());
        }
        remaining = size.size();
        if (remaining == 0) {
            state = State.TRAILERS;
        } else {
            chunks++;
            state = State.CHUNK_DATA;
        }
    }

    private void trailer() {
        int content = line.contentLength();
        trailerLength += line.length();
        if (content == 0) {
            state = State.DONE;
        } else if (trailerLength > ResponseReader.MAX_HEAD) {
            stop(Rule.HEAD_TOO_LARGE);
        } else {
            trailers.line(line.bytes(), content, line.length(), line.offset());
        }
    }

    private void tooLong() {
        if (state == State.CHUNK_END) {
            stop(Rule.MISSING_CHUNK_END);
        } else if (state == State.TRAILERS) {
            stop(Rule.HEAD_TOO_LARGE);
        } else {
            boolean invalid = ChunkSize.read(line.bytes(), line.length()).invalid();
            stop(invalid ? Rule.INVALID_CHUNK_SIZE : Rule.INVALID_CHUNK_EXTENSION);
        }
    }

    private void stop(Rule rule) {
        violations.add(rule, line.offset(), line.bytes(), 0, line.length());
        state = State.UNREADABLE;
    }
}
