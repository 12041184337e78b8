// SPDX-License-Identifier: Apache-2.0
package upstreamreset.http1;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The head of one request: its method and target, and the fields that frame it and its response (RFC 9112 §3 and §6.3). It
 * is a view, valid until its reader reads on.
 */
public final class RequestHead {
    private byte[] bytes = new byte[0];
    private int start;
    private int methodEnd;
    private int targetEnd;
    private final FieldSpans fields = new FieldSpans();

    /** Reads the head at {@code from}, in one pass; returns where its empty line ends, or 0 if that has not come. */
    int read(byte[] source, int from, int to) {
        bytes = source;
        start = from;
        fields.begin(source);
        requestLine(source, to);
        int line = until(source, targetEnd, to, '\n') + 1;
        while (line < to) {
            int end = until(source, line, to, '\n');
            if (end == to) {
                return 0;
            }
            if (end == line || (end == line + 1 && source[line] == '\r')) {
                return end + 1;
            }
            int colon = until(source, line, end, ':');
            if (colon < end) {
                fields.add(line, colon, colon + 1, end);
            }
            line = end + 1;
        }
        return 0;
    }

    private void requestLine(byte[] source, int to) {
        int at = start;
        while (at < to && Characters.token(source[at])) {
            at++;
        }
        methodEnd = at;
        if (at > start && at < to && source[at] == ' ') {
            at++;
            while (at < to && (source[at] & 0xFF) > ' ') {
                at++;
            }
        }
        targetEnd = at;
    }

    /** Whether it begins with a method and a target. */
    boolean hasRequestLine() {
        return targetEnd > methodEnd + 1;
    }

    public String method() {
        return Characters.text(bytes, start, methodEnd);
    }

    public String target() {
        return Characters.text(bytes, methodEnd + 1, targetEnd);
    }

    /** The value of the first field with this name; {@code name} is in lower case. */
    public Optional<String> field(String name) {
        int at = fields.next(name, 0);
        return at < fields.count() ? Optional.of(fields.value(at).strip()) : Optional.empty();
    }

    /** The facts that decide how the response is framed. */
    public RequestContext context() {
        boolean upgrade = fields.next("upgrade", 0) < fields.count()
                && lines("connection").stream().anyMatch(line -> line.lists("upgrade"));
        return new RequestContext(method(), upgrade);
    }

    /** The framing of the request's own body; {@link BodyFraming.Kind#UNKNOWN} if the fields contradict each other. */
    BodyFraming framing() {
        var encodings = lines("transfer-encoding");
        var lengths = lines("content-length");
        if (encodings.isEmpty() && lengths.isEmpty()) {
            return BodyFraming.NONE;
        }
        var declared = new FramingDecision(new Violations()).declared(encodings, lengths, BodyFraming.UNKNOWN);
        boolean empty = declared.kind() == BodyFraming.Kind.CONTENT_LENGTH && declared.length() == 0;
        return empty ? BodyFraming.NONE : declared;
    }

    private List<FieldLine> lines(String name) {
        var lines = new ArrayList<FieldLine>(0);
        for (int at = fields.next(name, 0); at < fields.count(); at = fields.next(name, at + 1)) {
            lines.add(new FieldLine(0, 0, name, fields.value(at).strip()));
        }
        return lines;
    }

    private static int until(byte[] bytes, int from, int to, char wanted) {
        int at = from;
        while (at < to && bytes[at] != wanted) {
            at++;
        }
        return at;
    }
}
