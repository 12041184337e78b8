// SPDX-License-Identifier: Apache-2.0
package upstreamreset.framing;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * The head of one request, as far as it decides the framing of the request and of its response (RFC 9112 §3 and §6.3). It
 * is a view: valid until its reader reads on.
 */
public final class RequestHead {
    private static final int MOST_DIGITS = 18;

    private byte[] bytes = new byte[0];
    private int start;
    private int methodEnd;
    private int targetEnd;
    /** Where each field's name begins, its colon stands, and its line ends. */
    private int[] fields = new int[3 * 16];

    private int count;

    /** Reads a head that ends in an empty line; whether it begins with a request line. */
    boolean read(byte[] source, int from, int to) {
        bytes = source;
        start = from;
        count = 0;
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
                field(line, colon, end);
            }
            line = end + 1;
        }
        return targetEnd > methodEnd + 1;
    }

    private void field(int name, int colon, int end) {
        if (3 * count == fields.length) {
            fields = Arrays.copyOf(fields, 2 * fields.length);
        }
        fields[3 * count] = name;
        fields[3 * count + 1] = colon;
        fields[3 * count + 2] = end;
        count++;
    }

    public String method() {
        return text(start, methodEnd);
    }

    public String target() {
        return text(methodEnd + 1, targetEnd);
    }

    /** The value of the first field with this name, which is given in lower case. */
    public Optional<String> field(String name) {
        int at = next(name, 0);
        return at < count ? Optional.of(value(at)) : Optional.empty();
    }

    /** What decides how the response is read. */
    public Asked asked() {
        return new Asked(method(), next("upgrade", 0) < count && lists("connection", "upgrade"));
    }

    /** How the request's own body ends; {@link BodyFraming.Unknown} where the fields leave it open. */
    BodyFraming framing() {
        if (next("transfer-encoding", 0) < count) {
            return lastIsChunked() ? new BodyFraming.Chunked() : new BodyFraming.Unknown();
        }
        long length = 0;
        int first = next("content-length", 0);
        for (int at = first; at < count; at = next("content-length", at + 1)) {
            long each = number(value(at));
            if (each < 0 || (at > first && each != length)) {
                return new BodyFraming.Unknown();
            }
            length = each;
        }
        return length == 0 ? NO_BODY : new BodyFraming.ContentLength(length);
    }

    private static final BodyFraming NO_BODY = new BodyFraming.None();

    /** RFC 9112 §6.3: chunked must be the last coding of a request. */
    private boolean lastIsChunked() {
        var last = "";
        for (int at = next("transfer-encoding", 0); at < count; at = next("transfer-encoding", at + 1)) {
            last = value(at);
        }
        return last.substring(last.lastIndexOf(',') + 1).strip().equalsIgnoreCase("chunked");
    }

    private boolean lists(String name, String option) {
        for (int at = next(name, 0); at < count; at = next(name, at + 1)) {
            for (var each : value(at).split(",", -1)) {
                if (each.strip().equalsIgnoreCase(option)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** The first field from {@code from} on with this name; the count of fields for none. */
    private int next(String name, int from) {
        int at = from;
        while (at < count && !named(at, name)) {
            at++;
        }
        return at;
    }

    private boolean named(int field, String name) {
        int begin = fields[3 * field];
        if (fields[3 * field + 1] - begin != name.length()) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            if ((bytes[begin + i] | 0x20) != name.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private String value(int field) {
        return text(fields[3 * field + 1] + 1, fields[3 * field + 2]).strip();
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
        if (text.isEmpty() || text.length() > MOST_DIGITS || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return -1;
        }
        return Long.parseLong(text);
    }
}
