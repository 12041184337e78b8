// SPDX-License-Identifier: Apache-2.0
package upstreamreset.http1;

import java.util.ArrayList;
import java.util.List;
import upstreamreset.wire.Bytes;

/**
 * Reads one final response, and the interim ones before it, from bytes in any segmentation, by RFC 9112; a violation is
 * a result, and reading goes on after it as a lenient client would.
 *
 * <p>Not thread-safe. Memory is bounded: heads by {@link #HEAD_LIMIT}, the body by what the caller wants to keep.
 */
public final class ResponseReader {
    /** The largest head that is read. */
    public static final int HEAD_LIMIT = 1 << 20;

    private static final int INTERIM_LIMIT = 100;
    private static final long EMPTY_BYTES = 2_000;
    private static final long INTERIM_BYTES = 200;
    private static final byte[] HTTP = {'h', 't', 't', 'p', '/'};

    private final RequestContext asked;
    private final int keep;
    private final LineCollector line = new LineCollector();
    private final List<FramingReport> interim = new ArrayList<>();
    private final BoundedSample surplus = new BoundedSample();

    private Violations violations = new Violations();
    private FieldSection fields = new FieldSection(violations);
    private BoundedSample leading = new BoundedSample();
    private BoundedSample foreign = new BoundedSample();
    private StatusLine statusLine = StatusLine.NONE;
    private BodyFraming framing = BodyFraming.UNKNOWN;
    private BodyReader body = new BodyReader(framing, 0, violations);
    private State state = State.STATUS_LINE;
    private long position;
    private long start;
    private int headLength;
    private long heldByInterim;

    private enum State {
        STATUS_LINE,
        FIELDS,
        BODY,
        DONE,
        /** The head does not end, or it is none. */
        UNREADABLE
    }

    /** For the response to a request with {@code method} that asks for no upgrade. */
    public ResponseReader(String method, int keep) {
        this(RequestContext.of(method), keep);
    }

    /** For the response to what was asked; keeps at most {@code keep} bytes of the body. */
    public ResponseReader(RequestContext asked, int keep) {
        this.asked = asked;
        this.keep = keep;
    }

    /** Reads all that a connection gave for one request; what follows the response is a violation too. */
    public static FramingReport read(String method, byte[] bytes, CloseReason end) {
        return read(RequestContext.of(method), bytes, end);
    }

    /** The same for any request. */
    public static FramingReport read(RequestContext asked, byte[] bytes, CloseReason end) {
        var reader = new ResponseReader(asked, bytes.length);
        int read = reader.feed(bytes, 0, bytes.length);
        reader.surplus(bytes, read, bytes.length - read);
        return reader.finish(end);
    }

    /** Reads a segment. Answers how many of its bytes belong to the response: fewer than given once that is complete. */
    public int feed(byte[] segment, int offset, int length) {
        int at = offset;
        int to = offset + length;
        while (at < to && state != State.DONE) {
            int taken = switch (state) {
                case STATUS_LINE, FIELDS -> head(segment, at, to);
                case BODY -> body.take(segment, at, to, position);
                case UNREADABLE -> foreign(segment, at, to);
                case DONE -> throw new IllegalStateException("the response is done");
            };
            at += taken;
            position += taken;
            if (state == State.BODY && body.done()) {
                state = State.DONE;
            }
        }
        return at - offset;
    }

    /** About how much memory it takes, in bytes, beside what was to be kept of the body: heads are kept whole. */
    public long held() {
        return EMPTY_BYTES + heldByInterim + line.capacity() + heldByHead() + body.held();
    }

    private long heldByHead() {
        return headLength + fields.held() + violations.held();
    }

    /** Whether the response is complete. One that is close-delimited never is before {@link #finish}. */
    public boolean done() {
        return state == State.DONE;
    }

    /** Whether what comes is not HTTP any more. */
    public boolean tunnel() {
        return state == State.BODY && framing.kind() == BodyFraming.Kind.TUNNEL;
    }

    /** Whether nothing that can still come makes this a whole response. */
    public boolean unreadable() {
        return state == State.UNREADABLE || (state == State.BODY && body.unreadable());
    }

    /** Notes bytes that came after the complete response although nobody had asked for more. */
    public void surplus(byte[] bytes, int offset, int length) {
        surplus.add(bytes, offset, length);
    }

    /** What was read. No more will be: the connection ended so, or was left open. Call it once. */
    public FramingReport finish(CloseReason end) {
        if (!leading.isEmpty() && state == State.STATUS_LINE && line.length() == 0) {
            leading.report(Rule.BYTES_BEFORE_STATUS_LINE, start, violations);
        }
        if (!foreign.isEmpty()) {
            foreign.report(foreign.protocol(), start, violations);
        }
        var ending = ending(end);
        if (end != CloseReason.LEFT) {
            incomplete(ending, end.bySender());
        }
        if (!surplus.isEmpty()) {
            surplus.report(Rule.BYTES_AFTER_END, position, violations);
        }
        return report(position, ending, end, interim);
    }

    private void incomplete(Completeness ending, boolean cut) {
        switch (ending) {
            case COMPLETE, UNREADABLE -> {}
            case NOTHING -> violations.add(interim.isEmpty() ? Rule.NO_RESPONSE : Rule.INTERIM_ONLY, position);
            case IN_HEAD -> violations.add(cut ? Rule.CUT_IN_HEAD : Rule.NEVER_ENDS, position);
            case IN_BODY, IN_TRAILERS -> violations.add(cut ? Rule.CUT_IN_BODY : Rule.NEVER_ENDS, position);
        }
    }

    private Completeness ending(CloseReason end) {
        return switch (state) {
            case DONE -> Completeness.COMPLETE;
            case UNREADABLE -> Completeness.UNREADABLE;
            case STATUS_LINE, FIELDS -> position == start ? Completeness.NOTHING : Completeness.IN_HEAD;
            case BODY -> body.endsAt(end);
        };
    }

    private FramingReport report(long stop, Completeness ending, CloseReason end, List<FramingReport> before) {
        return new FramingReport(
                start,
                statusLine.version(),
                statusLine.status(),
                statusLine.reason(),
                fields.lines(),
                headLength,
                framing,
                body.kept(),
                body.length(),
                body.chunks(),
                body.trailers(),
                stop,
                ending,
                end,
                before,
                violations.list());
    }

    private int foreign(byte[] segment, int from, int to) {
        if (!foreign.isEmpty()) {
            foreign.add(segment, from, to - from);
        }
        return to - from;
    }

    private int head(byte[] segment, int from, int to) {
        if (state == State.STATUS_LINE && line.length() == 0 && Characters.space(segment[from])) {
            leading.add(segment, from, 1);
            return 1;
        }
        if (state == State.STATUS_LINE && line.length() == 0 && !leading.isEmpty()) {
            leading.report(Rule.BYTES_BEFORE_STATUS_LINE, start, violations);
            leading = new BoundedSample();
            start = position;
        }
        int taken = line.take(segment, from, to, position, HEAD_LIMIT - headLength);
        if (state == State.STATUS_LINE && !http()) {
            foreign.add(line.bytes(), 0, line.length());
            state = State.UNREADABLE;
        } else if (line.complete()) {
            headLength += line.length();
            headLine(line.bytes(), line.contentLength());
            line.clear();
        } else if (headLength + line.length() >= HEAD_LIMIT) {
            violations.add(Rule.HEAD_TOO_LARGE, line.offset(), line.bytes(), 0, line.length());
            state = State.UNREADABLE;
        }
        return taken;
    }

    /** Whether what there is of the first line can begin a status line. */
    private boolean http() {
        for (int i = 0; i < Math.min(line.length(), HTTP.length); i++) {
            if ((line.bytes()[i] | 0x20) != (HTTP[i] | 0x20)) {
                return false;
            }
        }
        return true;
    }

    private void headLine(byte[] bytes, int length) {
        if (length == line.length() - 1) {
            violations.add(Rule.BARE_LF, line.offset(), bytes, 0, line.length());
        }
        if (state == State.STATUS_LINE) {
            statusLine = StatusLine.read(bytes, length, line.offset(), violations);
            state = State.FIELDS;
        } else if (length > 0) {
            fields.line(bytes, length, line.length(), line.offset());
        } else {
            headDone();
        }
    }

    private void headDone() {
        framing = new FramingDecision(fields.lines(), violations).ofResponse(asked, statusLine);
        int status = statusLine.status();
        if (status == 101 && !asked.upgrade()) {
            var said = Bytes.latin1(statusLine.version() + " 101 " + statusLine.reason());
            violations.add(Rule.UNASKED_SWITCH, start, said.length(), said);
        }
        if (status >= 100 && status < 200 && status != 101 && interim.size() < INTERIM_LIMIT) {
            nextAfterInterim();
        } else {
            body = new BodyReader(framing, keep, violations);
            state = body.done() ? State.DONE : State.BODY;
        }
    }

    private void nextAfterInterim() {
        long end = line.offset() + line.length();
        interim.add(report(end, Completeness.COMPLETE, CloseReason.OPEN, List.of()));
        heldByInterim += INTERIM_BYTES + heldByHead();
        start = end;
        violations = new Violations();
        fields = new FieldSection(violations);
        foreign = new BoundedSample();
        statusLine = StatusLine.NONE;
        framing = BodyFraming.UNKNOWN;
        headLength = 0;
        state = State.STATUS_LINE;
    }
}
