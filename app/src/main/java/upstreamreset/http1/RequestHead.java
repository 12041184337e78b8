// SPDX-License-Identifier: Apache-2.0
package upstreamreset.http1;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import upstreamreset.wire.Bytes;

/**
 * The head of one request: its method and target, and the fields that frame it and its response (RFC 9112 §3 and §6.3). It
 * is a view, valid until its reader reads on.
 */
public final class RequestHead {
    private static final int MAX_COPY = 1 << 11;

    private byte[] bytes = new byte[0];
    private int start;
    private int methodEnd;
    private int targetEnd;
    private int end;
    private final FieldSpans fields = new FieldSpans();

    /** Reads the head at {@code from}, in one pass; returns where its empty line ends, or 0 if that has not come. */
    int read(byte[] source, int from, int to) {
        bytes = source;
        start = from;
        fields.begin(source);
        requestLine(source, to);
        int line = until(source, targetEnd, to, '\n') + 1;
        while (line < to) {
            int lineEnd = until(source, line, to, '\n');
            if (lineEnd == to) {
                return 0;
            }
            if (lineEnd == line || (lineEnd == line + 1 && source[line] == '\r')) {
                end = lineEnd + 1;
                return end;
            }
            int colon = until(source, line, lineEnd, ':');
            if (colon < lineEnd) {
                fields.add(line, colon, colon + 1, lineEnd);
            }
            line = lineEnd + 1;
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

    /** A head that was {@link #copy copied}. */
    public static RequestHead of(Bytes copy) {
        var head = new RequestHead();
        var bytes = copy.toArray();
        head.read(bytes, 0, bytes.length);
        return head;
    }

    /** Its bytes, to be kept; of a long head the request line and the field {@code keep}. */
    public Bytes copy(String keep) {
        if (end - start <= MAX_COPY) {
            return Bytes.of(bytes, start, end - start);
        }
        var line = field(keep).map(value -> keep + ":" + value + "\n").orElse("");
        return Bytes.latin1(method() + " " + target() + "\n" + line + "\n");
    }

    /** Whether it begins with a method, a target and a version. */
    boolean hasRequestLine() {
        return targetEnd > methodEnd + 1 && RequestLine.of(bytes, start, end) == RequestLine.HTTP1;
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
        return at < fields.count() ? Optional.of(fields.strippedValue(at)) : Optional.empty();
    }

    /** The facts that decide how the response is framed. */
    public RequestContext context() {
        boolean upgrade = has("upgrade") && lines("connection").stream().anyMatch(line -> line.lists("upgrade"));
        boolean h2c = upgrade && field("upgrade").orElse("").equalsIgnoreCase("h2c");
        return !upgrade && isGet() ? RequestContext.GET : new RequestContext(method(), upgrade, h2c);
    }

    /** Whether the client waits for 100 before it sends the body. */
    boolean expectsContinue() {
        return has("expect") && field("expect").orElse("").equalsIgnoreCase("100-continue");
    }

    private boolean isGet() {
        return methodEnd - start == 3 && bytes[start] == 'G' && bytes[start + 1] == 'E' && bytes[start + 2] == 'T';
    }

    private boolean has(String name) {
        return fields.next(name, 0) < fields.count();
    }

    /** The framing of the request's own body; {@link BodyFraming.Kind#UNKNOWN} if the fields contradict each other. */
    BodyFraming framing() {
        if (!has("transfer-encoding") && !has("content-length")) {
            return BodyFraming.NONE;
        }
        var declared = new FramingDecision(new Violations())
                .declared(lines("transfer-encoding"), lines("content-length"), BodyFraming.UNKNOWN);
        boolean empty = declared.kind() == BodyFraming.Kind.CONTENT_LENGTH && declared.length() == 0;
        return empty ? BodyFraming.NONE : declared;
    }

    private List<FieldLine> lines(String name) {
        var lines = new ArrayList<FieldLine>(0);
        for (int at = fields.next(name, 0); at < fields.count(); at = fields.next(name, at + 1)) {
            lines.add(new FieldLine(0, 0, name, fields.strippedValue(at)));
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
