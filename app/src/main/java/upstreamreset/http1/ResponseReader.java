// SPDX-License-Identifier: Apache-2.0
package upstreamreset.http1;

import java.util.ArrayList;
import java.util.List;
import upstreamreset.wire.Bytes;

/**
 * Reads one final response, and the interim ones before it, from bytes in any segmentation, by RFC 9112; a violation is
 * a result, and reading continues as in a lenient client.
 *
 * <p>Not thread-safe. Memory is bounded: heads by {@link #MAX_HEAD}, the body by the number of bytes to keep.
 */
public final class ResponseReader {
    /** The largest head that it reads, in bytes. */
    public static final int MAX_HEAD = 1 << 20;

    private static final int MAX_INTERIM = 100;
    private static final long EMPTY_BYTES = 2_000;

    /** The memory overhead of a field line or a violation. */
    static final long LINE_BYTES = 200;

    private final RequestContext request;
    private final int keep;
    private final LineCollector line = new LineCollector();
    private final List<FramingReport> interim = new ArrayList<>();
    private final BoundedSample surplus = new BoundedSample();

    private ResponseHead head = new ResponseHead(0, line);
    private BodyFraming framing = BodyFraming.UNKNOWN;
    private BodyReader body = new BodyReader(framing, 0, head.violations());
    private State state = State.HEAD;
    private long position;
    private long heldByInterim;

    private enum State {
        HEAD,
        BODY,
        DONE
    }

    /** For the response to {@code request}; keeps at most {@code keep} bytes of the body. */
    public ResponseReader(RequestContext request, int keep) {
        this.request = request;
        this.keep = keep;
    }

    /** Reads all bytes that a connection gave for one request; bytes after the response are a violation too. */
    public static FramingReport read(String method, byte[] bytes, CloseReason closedBy) {
        return read(RequestContext.of(method), bytes, closedBy);
    }

    /** Reads all bytes that a connection gave for one request; bytes after the response are a violation too. */
    public static FramingReport read(RequestContext request, byte[] bytes, CloseReason closedBy) {
        var reader = new ResponseReader(request, bytes.length);
        int read = reader.feed(bytes, 0, bytes.length);
        reader.surplus(bytes, read, bytes.length - read);
        return reader.finish(closedBy);
    }

    /** Reads a segment. Returns how many of its bytes belong to the response: fewer than given once that is complete. */
    public int feed(byte[] segment, int offset, int length) {
        int at = offset;
        int to = offset + length;
        while (at < to && state != State.DONE) {
            int taken =
                    state == State.HEAD ? head.take(segment, at, to, position) : body.take(segment, at, to, position);
            at += taken;
            position += taken;
            if (state == State.HEAD && head.done()) {
                headDone();
            }
            if (state == State.BODY && body.done()) {
                state = State.DONE;
            }
        }
        return at - offset;
    }

    /** Passes over missing bytes, as far as they are data of the body; returns how many that were. */
    public long skip(long missing) {
        long skipped = state == State.BODY ? body.skip(missing) : 0;
        position += skipped;
        if (state == State.BODY && body.done()) {
            state = State.DONE;
        }
        return skipped;
    }

    private void headDone() {
        int status = head.statusLine().status();
        framing = new FramingDecision(head.violations()).ofResponse(request, head.statusLine(), head.fields());
        if (status == 101 && !request.mayUpgrade()) {
            var said = Bytes.latin1(
                    head.statusLine().version() + " 101 " + head.statusLine().reason());
            head.violations().add(Rule.UNASKED_SWITCH, head.start(), said.length(), said);
        }
        if (status >= 100 && status < 200 && status != 101 && interim.size() < MAX_INTERIM) {
            nextAfterInterim();
        } else {
            body = new BodyReader(framing, keep, head.violations());
            state = State.BODY;
        }
    }

    private void nextAfterInterim() {
        interim.add(report(Completeness.COMPLETE, CloseReason.OPEN, List.of()));
        heldByInterim += LINE_BYTES + heldByHead();
        head = new ResponseHead(position, line);
        framing = BodyFraming.UNKNOWN;
    }

    /** About how much memory it takes, in bytes, beside what was to be kept of the body: heads are kept whole. */
    public long held() {
        return EMPTY_BYTES + heldByInterim + heldByHead() + 2L * line.length() + body.held();
    }

    private long heldByHead() {
        return head.length()
                + LINE_BYTES * (head.fields().size() + head.violations().size());
    }

    /** Whether the response is complete. One that is close-delimited never is before {@link #finish}. */
    public boolean done() {
        return state == State.DONE;
    }

    /** Whether its last head is whole, its body is not, and more of it can be read. */
    public boolean mayGoOn() {
        return state == State.BODY && !tunnel() && !unreadable();
    }

    /** Whether its last head is that of {@link FramingReport#isEventStream an event stream}. */
    public boolean isEventStream() {
        return FramingReport.isEventStream(head.fields());
    }

    /** Whether the bytes that follow are another protocol's. */
    public boolean tunnel() {
        return state == State.BODY && framing.kind() == BodyFraming.Kind.TUNNEL;
    }

    /** Whether the tunnel is this protocol's, by the field Upgrade. */
    public boolean upgrades(String protocol) {
        for (var line : head.fields()) {
            if (line.is("Upgrade") && line.value().equalsIgnoreCase(protocol)) {
                return true;
            }
        }
        return false;
    }

    /** Whether its last head is whole, a body should follow, and not one byte of it has come: so an answer to HEAD looks. */
    public boolean headAlone() {
        return state == State.BODY && position == head.start() + head.length();
    }

    /** How many bytes of the body have come, without chunk framing. */
    public long bodyLength() {
        return body.length();
    }

    /** Whether no further bytes can make this a complete response. */
    public boolean unreadable() {
        return head.unreadable() || (state == State.BODY && body.unreadable());
    }

    /** Notes bytes that came after the complete response although no other request was sent. */
    public void surplus(byte[] bytes, int offset, int length) {
        surplus.add(bytes, offset, length);
    }

    /** Reports the result when no more bytes will come. Call it once. */
    public FramingReport finish(CloseReason closedBy) {
        head.finish();
        var completeness = completeness(closedBy);
        if (closedBy != CloseReason.LEFT) {
            incomplete(completeness, closedBy.bySender());
        }
        if (!surplus.isEmpty()) {
            surplus.report(Rule.BYTES_AFTER_END, position, head.violations());
        }
        return report(completeness, closedBy, interim);
    }

    private void incomplete(Completeness completeness, boolean cut) {
        switch (completeness) {
            case COMPLETE, UNREADABLE -> {}
            case NOTHING -> violation(interim.isEmpty() ? Rule.NO_RESPONSE : Rule.INTERIM_ONLY);
            case IN_HEAD -> unfinished(cut ? Rule.CUT_IN_HEAD : Rule.NEVER_ENDS);
            case IN_BODY, IN_TRAILERS -> unfinished(cut ? Rule.CUT_IN_BODY : Rule.NEVER_ENDS);
        }
    }

    /** A missing end follows from an earlier error: the unreadable part may contain the length or the coding. */
    private void unfinished(Rule rule) {
        if (rule != Rule.NEVER_ENDS || !head.violations().hasError()) {
            violation(rule);
        }
    }

    private void violation(Rule rule) {
        head.violations().add(rule, position);
    }

    private Completeness completeness(CloseReason closedBy) {
        return switch (state) {
            case DONE -> Completeness.COMPLETE;
            case BODY -> body.completeness(closedBy);
            case HEAD -> {
                if (head.unreadable()) {
                    yield Completeness.UNREADABLE;
                }
                yield position == head.start() ? Completeness.NOTHING : Completeness.IN_HEAD;
            }
        };
    }

    private FramingReport report(Completeness completeness, CloseReason closedBy, List<FramingReport> before) {
        return new FramingReport(
                head.start(),
                head.statusLine().version(),
                head.statusLine().status(),
                head.statusLine().reason(),
                head.fields(),
                head.length(),
                framing,
                body.kept(),
                body.length(),
                body.chunks(),
                body.trailers(),
                position,
                completeness,
                closedBy,
                before,
                head.violations().list());
    }
}
