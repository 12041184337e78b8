// SPDX-License-Identifier: Apache-2.0
package upstreamreset.http1;

import java.util.List;

/**
 * Reads the head of one response, interim or final, line by line, and goes on after each violation (RFC 9112 §2.1).
 * Bytes that cannot begin a status line belong to another protocol.
 */
final class ResponseHead {
    private static final byte[] HTTP = {'h', 't', 't', 'p', '/'};

    private final LineCollector line;
    private final Violations violations = new Violations();
    private final FieldSection fields = new FieldSection(violations);
    private final BoundedSample foreign = new BoundedSample();
    private BoundedSample leading = new BoundedSample();
    private StatusLine statusLine = StatusLine.NONE;
    private State state = State.STATUS_LINE;
    private long start;
    private int length;

    private enum State {
        STATUS_LINE,
        FIELDS,
        DONE,
        UNREADABLE
    }

    /** For the head that begins at {@code start} in the stream; {@code line} is empty. */
    ResponseHead(long start, LineCollector line) {
        this.start = start;
        this.line = line;
    }

    /** Reads bytes at {@code position} in the stream, at most to the end of a line, and returns how many it used. */
    int take(byte[] segment, int from, int to, long position) {
        if (state == State.UNREADABLE) {
            if (!foreign.isEmpty()) {
                foreign.add(segment, from, to - from);
            }
            return to - from;
        }
        if (atStart()) {
            if (Characters.space(segment[from])) {
                leading.add(segment, from, 1);
                return 1;
            }
            if (!leading.isEmpty()) {
                leading.report(Rule.BYTES_BEFORE_STATUS_LINE, start, violations);
                leading = new BoundedSample();
                start = position;
            }
        }
        int taken = line.take(segment, from, to, position, ResponseReader.MAX_HEAD - length);
        if (state == State.STATUS_LINE && !http()) {
            foreign.add(line.bytes(), 0, line.length());
            state = State.UNREADABLE;
        } else if (line.complete()) {
            length += line.length();
            wholeLine(line.bytes(), line.contentLength());
            line.clear();
        } else if (length + line.length() >= ResponseReader.MAX_HEAD) {
            violations.add(Rule.HEAD_TOO_LARGE, line.offset(), line.bytes(), 0, line.length());
            state = State.UNREADABLE;
        }
        return taken;
    }

    /** Whether no byte of the status line has come. */
    private boolean atStart() {
        return state == State.STATUS_LINE && line.length() == 0;
    }

    /** Whether the bytes of the first line so far can begin a status line. */
    private boolean http() {
        for (int i = 0; i < Math.min(line.length(), HTTP.length); i++) {
            if ((line.bytes()[i] | 0x20) != (HTTP[i] | 0x20)) {
                return false;
            }
        }
        return true;
    }

    private void wholeLine(byte[] bytes, int content) {
        if (content == line.length() - 1) {
            violations.add(Rule.BARE_LF, line.offset(), bytes, 0, line.length());
        }
        if (state == State.STATUS_LINE) {
            statusLine = StatusLine.read(bytes, content, line.offset(), violations);
            state = State.FIELDS;
        } else if (content > 0) {
            fields.line(bytes, content, line.length(), line.offset());
        } else {
            state = State.DONE;
        }
    }

    /** Reports bytes that are not a head; call it once, when no more will come. */
    void finish() {
        if (!leading.isEmpty() && atStart()) {
            leading.report(Rule.BYTES_BEFORE_STATUS_LINE, start, violations);
        }
        if (!foreign.isEmpty()) {
            foreign.report(foreign.protocol(), start, violations);
        }
    }

    /** Whether it ended in an empty line. */
    boolean done() {
        return state == State.DONE;
    }

    /** Whether it is too large, or is not an HTTP/1 head. */
    boolean unreadable() {
        return state == State.UNREADABLE;
    }

    /** The position of the status line in the stream. */
    long start() {
        return start;
    }

    /** How many bytes its whole lines have. */
    int length() {
        return length;
    }

    StatusLine statusLine() {
        return statusLine;
    }

    List<FieldLine> fields() {
        return fields.lines();
    }

    /** Collects the violations in this head, and those in the body that follows it. */
    Violations violations() {
        return violations;
    }
}
