// SPDX-License-Identifier: Apache-2.0
package upstreamreset.diagnosis;

/**
 * Knows, in one pass and without an object, the responses that need no judge: whole, unremarkable in every byte of the
 * head, framed by one Content-Length or one {@code chunked}. What it passes has no violation and passes Envoy; what it
 * does not know says nothing yet. A test holds it to that.
 */
final class PlainResponse {
    /** So far plain, and not yet whole. */
    static final int MORE = 0;

    /** For the judge. */
    static final int ODD = -1;

    private static final byte[] VERSION = {'H', 'T', 'T', 'P', '/', '1', '.', '1', ' '};
    private static final byte[] LENGTH = ascii("content-length");
    private static final byte[] CODING = ascii("transfer-encoding");
    private static final byte[] CHUNKED = ascii("chunked");
    private static final int MOST_FIELDS = 90;
    private static final int MOST_DIGITS = 9;
    private static final long NO_FRAMING = -1;
    private static final long IN_CHUNKS = -2;

    private PlainResponse() {}

    private static byte[] ascii(String text) {
        return text.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    }

    /** How long the plain response at {@code from} is, {@link #MORE} or {@link #ODD}. */
    static int length(byte[] bytes, int from, int to) {
        int at = statusLine(bytes, from, to);
        if (at <= 0) {
            return at;
        }
        long framing = NO_FRAMING;
        for (int fields = 0; fields <= MOST_FIELDS; fields++) {
            if (at + 2 > to) {
                return MORE;
            }
            if (bytes[at] == '\r') {
                if (bytes[at + 1] != '\n' || framing == NO_FRAMING) {
                    return ODD;
                }
                return framing == IN_CHUNKS ? chunks(bytes, at + 2, to, from) : sized(framing, at + 2, to, from);
            }
            int name = at;
            while (at < to && nameByte(bytes[at])) {
                at++;
            }
            if (at == to) {
                return MORE;
            }
            int nameEnd = at;
            if (bytes[at] != ':' || nameEnd == name) {
                return ODD;
            }
            at++;
            int value = at;
            while (at < to && bytes[at] >= ' ' && bytes[at] < 0x7F) {
                at++;
            }
            if (at + 1 >= to) {
                return MORE;
            }
            if (bytes[at] != '\r' || bytes[at + 1] != '\n') {
                return ODD;
            }
            if (is(bytes, name, nameEnd, LENGTH) || is(bytes, name, nameEnd, CODING)) {
                if (framing != NO_FRAMING) {
                    return ODD;
                }
                framing = nameEnd - name == LENGTH.length
                        ? number(bytes, value, at)
                        : isChunked(bytes, value, at) ? IN_CHUNKS : NO_FRAMING;
                if (framing == NO_FRAMING) {
                    return ODD;
                }
            }
            at += 2;
        }
        return ODD;
    }

    /** Where the first field line begins. */
    private static int statusLine(byte[] bytes, int from, int to) {
        int known = Math.min(to - from, VERSION.length);
        for (int i = 0; i < known; i++) {
            if (bytes[from + i] != VERSION[i]) {
                return ODD;
            }
        }
        int at = from + VERSION.length;
        if (at + 4 > to) {
            return MORE;
        }
        int status = 0;
        for (int i = 0; i < 3; i++) {
            int digit = bytes[at + i] - '0';
            if (digit < 0 || digit > 9) {
                return ODD;
            }
            status = status * 10 + digit;
        }
        if (status < 200 || status > 599 || status == 204 || status == 304 || bytes[at + 3] != ' ') {
            return ODD;
        }
        at += 4;
        while (at < to && bytes[at] >= ' ' && bytes[at] < 0x7F) {
            at++;
        }
        if (at + 1 >= to) {
            return MORE;
        }
        return bytes[at] == '\r' && bytes[at + 1] == '\n' ? at + 2 : ODD;
    }

    private static int sized(long length, int body, int to, int from) {
        return body + length <= to ? (int) (body + length) - from : MORE;
    }

    private static int chunks(byte[] bytes, int body, int to, int from) {
        int at = body;
        while (true) {
            int digits = at;
            long size = 0;
            while (at < to && hex(bytes[at]) >= 0) {
                size = size << 4 | hex(bytes[at++]);
                if (at - digits > 7) {
                    return ODD;
                }
            }
            if (at + 2 > to) {
                return MORE;
            }
            if (at == digits || bytes[at] != '\r' || bytes[at + 1] != '\n') {
                return ODD;
            }
            long end = at + 2 + size;
            if (end + 2 > to) {
                return MORE;
            }
            at = (int) end;
            if (bytes[at] != '\r' || bytes[at + 1] != '\n') {
                return ODD; // also a trailer section
            }
            at += 2;
            if (size == 0) {
                return at - from;
            }
        }
    }

    private static boolean nameByte(byte b) {
        return (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || b == '-' || (b >= '0' && b <= '9');
    }

    private static int hex(byte b) {
        if (b >= '0' && b <= '9') {
            return b - '0';
        }
        int lower = b | 0x20;
        return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
    }

    private static boolean is(byte[] bytes, int from, int to, byte[] lower) {
        if (to - from != lower.length) {
            return false;
        }
        for (int i = 0; i < lower.length; i++) {
            if ((bytes[from + i] | 0x20) != lower[i]) {
                return false;
            }
        }
        return true;
    }

    /** A value of one space and digits; anything else is no plain one. */
    private static long number(byte[] bytes, int from, int to) {
        int digits = to - from - 1;
        if (digits < 1 || digits > MOST_DIGITS || bytes[from] != ' ') {
            return NO_FRAMING;
        }
        long number = 0;
        for (int i = from + 1; i < to; i++) {
            if (bytes[i] < '0' || bytes[i] > '9') {
                return NO_FRAMING;
            }
            number = number * 10 + bytes[i] - '0';
        }
        return number;
    }

    private static boolean isChunked(byte[] bytes, int from, int to) {
        return to - from == CHUNKED.length + 1 && bytes[from] == ' ' && is(bytes, from + 1, to, CHUNKED);
    }
}
