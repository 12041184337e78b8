// SPDX-License-Identifier: Apache-2.0
package upstreamreset.http1;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The head of one request: its method and target, and the fields that frame it and its response (RFC 9112 §3 and §6.3). It
 * is a view, valid until its reader reads on.
 */
public final class RequestHead {
    private static final int MAX_DIGITS = 18;

    private byte[] bytes = new byte[0];
    private int start;
    private int methodEnd;
    private int targetEnd;
    private final FieldSpans fields = new FieldSpans();

    /** Reads a head that ends in an empty line; returns whether it begins with a request line. */
    boolean read(byte[] source, int from, int to) {
        bytes = source;
        start = from;
        fields.begin(source);
        methodEnd = from;
        while (methodEnd < to && Characters.token(source[methodEnd])) {
            methodEnd++;
        }
        if (methodEnd == from || methodEnd == to || source[methodEnd] != ' ') {
            return false;
        }
        targetEnd = methodEnd + 1;
        while (targetEnd < to && (source[targetEnd] & 0xFF) > ' ') {
            targetEnd++;
        }
        int line = until(targetEnd, to, '\n') + 1;
        while (line < to) {
            int end = until(line, to, '\n');
            int colon = until(line, end, ':');
            if (colon < end) {
                fields.add(line, colon, colon + 1, end);
            }
            line = end + 1;
        }
        return targetEnd > methodEnd + 1;
    }

    public String method() {
        return text(start, methodEnd);
    }

    public String target() {
        return text(methodEnd + 1, targetEnd);
    }

    /** The value of the first field with this name; {@code name} is in lower case. */
    public Optional<String> field(String name) {
        int at = fields.next(name, 0);
        return at < fields.count() ? Optional.of(value(at)) : Optional.empty();
    }

    /** The facts that decide how the response is framed. */
    public RequestContext context() {
        return new RequestContext(
                method(), fields.next("upgrade", 0) < fields.count() && lists("connection", "upgrade"));
    }

    /** The framing of the request's own body; {@link BodyFraming.Kind#UNKNOWN} if the fields contradict each other. */
    BodyFraming framing() {
        if (fields.next("transfer-encoding", 0) < fields.count()) {
            return lastIsChunked() ? BodyFraming.CHUNKED : BodyFraming.UNKNOWN;
        }
        long length = 0;
        int first = fields.next("content-length", 0);
        for (int at = first; at < fields.count(); at = fields.next("content-length", at + 1)) {
            long each = number(value(at));
            if (each < 0 || (at > first && each != length)) {
                return BodyFraming.UNKNOWN;
            }
            length = each;
        }
        return length == 0 ? BodyFraming.NONE : BodyFraming.contentLength(length);
    }

    /** RFC 9112 §6.3: chunked must be the last coding of a request. */
    private boolean lastIsChunked() {
        var last = "";
        for (int at = fields.next("transfer-encoding", 0);
                at < fields.count();
                at = fields.next("transfer-encoding", at + 1)) {
            last = value(at);
        }
        return last.substring(last.lastIndexOf(',') + 1).strip().equalsIgnoreCase("chunked");
    }

    private boolean lists(String name, String option) {
        for (int at = fields.next(name, 0); at < fields.count(); at = fields.next(name, at + 1)) {
            for (var each : value(at).split(",", -1)) {
                if (each.strip().equalsIgnoreCase(option)) {
                    return true;
                }
            }
        }
        return false;
    }

    private String value(int field) {
        return fields.value(field).strip();
    }

    private String text(int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }

    private int until(int from, int to, char wanted) {
        int at = from;
        while (at < to && bytes[at] != wanted) {
            at++;
        }
        return at;
    }

    private static long number(String text) {
        if (text.isEmpty() || text.length() > MAX_DIGITS || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return -1;
        }
        return Long.parseLong(text);
    }
}
