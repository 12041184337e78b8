// SPDX-License-Identifier: Apache-2.0
package upstreamreset.http2;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import upstreamreset.http1.BodyFraming;
import upstreamreset.http1.CloseReason;
import upstreamreset.http1.Completeness;
import upstreamreset.http1.FieldLine;
import upstreamreset.http1.FramingReport;
import upstreamreset.http1.RequestContext;
import upstreamreset.http1.Rule;
import upstreamreset.http1.Violation;
import upstreamreset.http2.Fault.Phase;
import upstreamreset.http2.FieldDecoder.Fields;
import upstreamreset.wire.Bytes;

/** The response on one stream, from its frames (RFC 9113 §8.1), and the rules that it breaks. */
public final class StreamResponse {
    /** Envoy's limit: max_headers_count. */
    private static final int MAX_FIELDS = 100;

    /** Envoy's limit: max_response_headers_kb in HTTP/2. */
    private static final int MAX_HEAD_BYTES = 60 * 1024;

    private static final int MAX_FAULTS = 100;
    private static final int MAX_INTERIM = 20;
    private static final int EMPTY_BYTES = 300;
    private static final int LINE_BYTES = 150;

    private final List<Fault> faults = new ArrayList<>(0);
    private final List<FramingReport> interim = new ArrayList<>(0);
    private List<FieldLine> head = List.of();
    private List<FieldLine> trailers = List.of();
    private Phase phase = Phase.NOTHING;
    private long start = -1;
    private long bytes;
    private int headBytes;
    private int status;
    private boolean statusUnknown;
    private long contentLength = -1;
    private FieldLine lengthLine = new FieldLine(0, 0, "", "");
    private long dataBytes;
    private boolean dataUnknown;
    private @Nullable Frame firstData;
    private @Nullable Frame tooMuch;
    private @Nullable Frame last;
    private Phase beforeLast = Phase.NOTHING;
    private int unknown;
    /** Whether its head was sent and cannot be read, or may be missing: the next field block need not be what it seems. */
    private boolean headLost;

    /** Whether nothing of it has come. */
    public boolean isEmpty() {
        return start < 0;
    }

    /** Whether it has a final head. */
    public boolean hasHead() {
        return phase == Phase.HEAD;
    }

    /** Whether END_STREAM has come. */
    public boolean ended() {
        return last != null;
    }

    public boolean faulty() {
        return !faults.isEmpty();
    }

    /** The number of its unknown fields, which refer to bytes missing from the capture. */
    public int unknown() {
        return unknown;
    }

    /** Bytes of its body. */
    public long dataBytes() {
        return dataBytes;
    }

    /** The value of content-length; -1 without it. */
    public long contentLength() {
        return contentLength;
    }

    /** About how much memory it takes, in bytes. */
    public long held() {
        return EMPTY_BYTES + (long) LINE_BYTES * (head.size() + trailers.size() + faults.size() + interim.size());
    }

    /** The value of the field, in the trailers or, without any, in the head; empty without one. */
    public String lastValue(String name) {
        for (var lines : List.of(trailers, head)) {
            for (var line : lines) {
                if (line.name().equals(name)) {
                    return line.value();
                }
            }
        }
        return "";
    }

    /** A frame of it, with {@code taken} bytes. */
    private void came(Frame frame, int taken) {
        start = start < 0 ? frame.offset() : start;
        bytes += taken;
    }

    /** A whole field block, which {@code frame} began. */
    public void fields(Frame frame, int taken, Fields fields) {
        came(frame, taken);
        beforeLast = phase;
        unknown += fields.unknown();
        if (fields.failed()) {
            headLost = true;
        } else if (headLost
                && phase != Phase.HEAD
                && fields.value(":status").isEmpty()
                && (fields.unknown() == 0 || firstData != null)) {
            trailers = fields.lines();
        } else {
            block(frame, taken, fields);
        }
        if (frame.endStream()) {
            last = frame;
        }
    }

    private void block(Frame frame, int taken, Fields fields) {
        boolean isTrailer = phase == Phase.HEAD;
        var rules = new FieldRules(isTrailer, (rule, line) -> fault(rule, line, frame));
        fields.lines().forEach(rules::check);
        if (fields.count() > MAX_FIELDS) {
            fault(Rule.TOO_MANY_FIELDS, frame, frame.offset(), taken, fields.count() + " fields", false, 0);
        }
        if (fields.bytes() > MAX_HEAD_BYTES) {
            long longest = fields.lines().stream()
                    .mapToLong(
                            line -> Math.max(line.name().length(), line.value().length()))
                    .max()
                    .orElse(0);
            fault(Rule.HEAD_TOO_LARGE, frame, frame.offset(), taken, fields.bytes() + " bytes", false, longest);
        }
        if (isTrailer) {
            trailers = fields.lines();
            if (!frame.endStream()) {
                fault(Rule.UNEXPECTED_FRAME, frame, frame.offset(), taken, "HEADERS without END_STREAM", false, 0);
            }
            return;
        }
        if (!rules.hasStatus() && fields.unknown() == 0) {
            fault(Rule.MISSING_STATUS, frame, frame.offset(), taken, "HEADERS without :status", false, 0);
        }
        boolean isInterim = rules.status() >= 100 && rules.status() < 200;
        if (rules.hasLength() && (isInterim || rules.status() == 204)) {
            fields.lines().stream()
                    .filter(line -> line.name().equals("content-length"))
                    .forEach(line -> fault(Rule.CONTENT_LENGTH_FORBIDDEN, line, frame));
        }
        if (isInterim) {
            interim(frame, taken, fields, rules.status());
            return;
        }
        status = rules.status();
        statusUnknown = !rules.hasStatus() && fields.unknown() > 0;
        head = fields.lines();
        headBytes = taken;
        contentLength = rules.length();
        lengthLine = rules.lengthLine();
        phase = Phase.HEAD;
    }

    private void interim(Frame frame, int taken, Fields fields, int code) {
        if (frame.endStream()) {
            fault(Rule.INTERIM_ONLY, frame, frame.offset(), taken, ":status: " + code + " with END_STREAM", false, 0);
        }
        phase = Phase.INTERIM;
        if (interim.size() < MAX_INTERIM) {
            interim.add(report(frame.offset(), code, fields.lines(), taken, List.of()));
        }
    }

    /** A field block of it is not in the capture, or not all of it. */
    public void fieldsMissing(Frame frame) {
        came(frame, frame.bytes());
        headLost = true;
        if (frame.endStream()) {
            last = frame;
        }
    }

    /** Frames before the next one may be missing: its head too, if that has not come. */
    public void framesMissing() {
        headLost |= phase != Phase.HEAD;
    }

    /** {@code length} bytes of its body; -1 if their number is unknown. */
    public void data(Frame frame, int length) {
        came(frame, frame.bytes());
        beforeLast = phase;
        dataUnknown |= length < 0;
        dataBytes += Math.max(0, length);
        if (length > 0 && firstData == null) {
            firstData = frame;
        }
        if (phase != Phase.HEAD && !headLost) {
            fault(Rule.UNEXPECTED_FRAME, frame, frame.offset(), frame.bytes(), "DATA before the head", true, 0);
        } else if (contentLength >= 0 && dataBytes > contentLength && tooMuch == null) {
            tooMuch = frame;
        }
        if (frame.endStream()) {
            last = frame;
        }
    }

    /** A frame that breaks a rule by its bytes [offset, offset + length). */
    public void wrong(Rule rule, Frame frame, long offset, int length, String excerpt) {
        start = start < 0 ? frame.offset() : start;
        fault(rule, frame, offset, length, excerpt, frame.type() == FrameType.DATA, 0);
    }

    /** The server's RST_STREAM. */
    public void reset(Frame frame, long code) {
        came(frame, frame.bytes());
        fault(
                Rule.STREAM_RESET,
                frame,
                frame.offset(),
                frame.bytes(),
                "RST_STREAM (" + ErrorCode.name(code) + ")",
                false,
                code);
    }

    /** The server's GOAWAY leaves it out. */
    public void refused(GoAway goAway) {
        var frame = goAway.frame();
        came(frame, frame.bytes());
        var excerpt = goAway.text() + ", last stream " + goAway.last();
        fault(Rule.STREAM_REFUSED, frame, frame.offset(), frame.bytes(), excerpt, false, 0);
    }

    /** The server ended the connection before the response, at {@code position} of its bytes. */
    public void unfinished(long position) {
        start = start < 0 ? position : start;
        add(new Fault(new Violation(Rule.STREAM_UNFINISHED, position, 0, ""), phase, false, position, 0));
    }

    private void fault(Rule rule, FieldLine line, Frame frame) {
        var text = Bytes.latin1(line.shown()).toString();
        fault(rule, frame, line.offset(), line.length(), text, false, 0);
    }

    private void fault(Rule rule, Frame frame, long offset, int length, String excerpt, boolean inData, long code) {
        add(new Fault(new Violation(rule, offset, length, excerpt), phase, inData, frame.offset(), code));
    }

    private void add(Fault fault) {
        if (faults.size() < MAX_FAULTS) {
            faults.add(fault);
        }
    }

    /**
     * Its faults, the first one first, when nothing more will come.
     *
     * @param request what decides whether it has a body
     * @param seenInPart whether frames of it may be missing
     */
    public List<Fault> faults(RequestContext request, boolean seenInPart) {
        if (phase == Phase.HEAD && status != 0 && !dataUnknown && !request.connected(status)) {
            length(request, seenInPart);
        }
        faults.sort(Comparator.comparingLong(Fault::at));
        return List.copyOf(faults);
    }

    private void length(RequestContext request, boolean seenInPart) {
        var end = last;
        if (request.head() || status == 204 || status == 304) {
            if (firstData != null) {
                fault(
                        Rule.BODY_FORBIDDEN,
                        firstData,
                        firstData.offset(),
                        firstData.bytes(),
                        "DATA of " + dataBytes + " bytes",
                        true,
                        0);
            }
        } else if (tooMuch != null) {
            mismatch(tooMuch, Phase.HEAD);
        } else if (end != null && contentLength > dataBytes && !seenInPart && !(bare() && !known(request))) {
            mismatch(end, beforeLast);
        }
    }

    /** Whether the head is all: then it may answer HEAD. */
    private boolean bare() {
        return beforeLast != Phase.HEAD;
    }

    private static boolean known(RequestContext request) {
        return !request.equals(RequestContext.UNKNOWN);
    }

    private void mismatch(Frame frame, Phase had) {
        var text = Bytes.latin1(lengthLine.name() + ": " + lengthLine.value()).toString();
        var violation = new Violation(Rule.CONTENT_LENGTH_MISMATCH, lengthLine.offset(), lengthLine.length(), text);
        add(new Fault(violation, had, frame.type() == FrameType.DATA, frame.offset(), 0));
    }

    /** Its position in the server's bytes; -1 if nothing came. */
    public long start() {
        return start;
    }

    public int status() {
        return status;
    }

    /** Whether a head has come whose status refers to bytes missing from the capture. */
    public boolean statusUnknown() {
        return statusUnknown;
    }

    /** The result, with offsets counted from its first byte. */
    public FramingReport report(List<Fault> found, CloseReason closedBy) {
        long base = Math.max(0, start);
        var violations = found.stream()
                .map(Fault::violation)
                .map(each -> new Violation(each.rule(), each.offset() - base, each.length(), each.excerpt()))
                .toList();
        var completeness = ended()
                ? Completeness.COMPLETE
                : phase == Phase.HEAD ? Completeness.IN_BODY : isEmpty() ? Completeness.NOTHING : Completeness.IN_HEAD;
        return new FramingReport(
                0,
                "HTTP/2",
                status,
                "",
                moved(head, base),
                headBytes,
                BodyFraming.HTTP2,
                Bytes.EMPTY,
                dataBytes,
                0,
                moved(trailers, base),
                bytes,
                completeness,
                closedBy,
                interim,
                violations);
    }

    private FramingReport report(long offset, int code, List<FieldLine> lines, int length, List<Violation> none) {
        long base = Math.max(0, start);
        return new FramingReport(
                offset - base,
                "HTTP/2",
                code,
                "",
                moved(lines, base),
                length,
                BodyFraming.HTTP2,
                Bytes.EMPTY,
                0,
                0,
                List.of(),
                offset - base + length,
                Completeness.COMPLETE,
                CloseReason.OPEN,
                List.of(),
                none);
    }

    private static List<FieldLine> moved(List<FieldLine> lines, long base) {
        return lines.stream()
                .map(line -> new FieldLine(line.offset() - base, line.length(), line.name(), line.value()))
                .toList();
    }
}
