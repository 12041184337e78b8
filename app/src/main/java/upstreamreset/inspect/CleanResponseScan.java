// SPDX-License-Identifier: Apache-2.0
package upstreamreset.inspect;

/**
 * Recognises, in one pass and without objects, a clean response: complete, unremarkable in every byte of the head,
 * framed by one Content-Length or one {@code chunked}. A clean response has no violation and passes Envoy; a test
 * verifies that. The reader and the codec model handle all other responses.
 *
 * <p>Reading every response instead takes two and a half times as long (80 MB, 30,000 connections: 185 ms instead of 72
 * ms on a warm JVM; a whole run 0.62 s of CPU time instead of 0.43 s).
 */
final class CleanResponseScan {
    /** Clean so far, and not yet complete. */
    static final int MORE = 0;

    /** Not clean. */
    static final int ODD = -1;

    private static final byte[] VERSION = CleanBytes.ascii("HTTP/1.1 ");
    private static final byte[] LENGTH = CleanBytes.ascii("content-length");
    private static final byte[] CODING = CleanBytes.ascii("transfer-encoding");
    private static final byte[] CHUNKED = CleanBytes.ascii("chunked");
    private static final int MAX_FIELDS = 90;
    private static final int MAX_DIGITS = 9;
    private static final long NO_FRAMING = -1;
    private static final long IN_CHUNKS = -2;

    private long framing = NO_FRAMING;

    /** How many bytes of it need no second look; 0 as long as the head is not whole. */
    private int known;

    private int headLength;

    /** How many bytes its head has; 0 as long as it is not whole. */
    int headLength() {
        return headLength;
    }

    /** Whether its head is complete; examines only the new bytes. */
    boolean inBody() {
        return known > 0;
    }

    /**
     * How long the response at {@code from} is, {@link #MORE} or {@link #ODD}; asked again with more of its bytes, from its
     * first one on, after {@link #MORE}.
     */
    int length(byte[] bytes, int from, int to) {
        if (known == 0) {
            int head = head(bytes, from, to);
            if (head <= 0) {
                return head;
            }
            known = head - from;
            headLength = known;
        }
        return framing == IN_CHUNKS ? chunks(bytes, from, to) : sized(from, to);
    }

    /** The end of the head, {@link #MORE} or {@link #ODD}. */
    private int head(byte[] bytes, int from, int to) {
        int at = statusLine(bytes, from, to);
        if (at <= 0) {
            return at;
        }
        framing = NO_FRAMING;
        for (int fields = 0; fields <= MAX_FIELDS; fields++) {
            if (at + 2 > to) {
                return MORE;
            }
            if (bytes[at] == '\r') {
                return bytes[at + 1] != '\n' || framing == NO_FRAMING ? ODD : at + 2;
            }
            int name = at;
            while (at < to && CleanBytes.name(bytes[at])) {
                at++;
            }
            if (at == to) {
                return MORE;
            }
            int nameEnd = at;
            if (bytes[at] != ':' || nameEnd == name) {
                return ODD;
            }
            at = CleanBytes.lineEnd(bytes, at + 1, to);
            if (at <= 0) {
                return at;
            }
            int value = nameEnd + 1;
            boolean sized = CleanBytes.is(bytes, name, nameEnd, LENGTH);
            if (sized || CleanBytes.is(bytes, name, nameEnd, CODING)) {
                if (framing != NO_FRAMING) {
                    return ODD;
                }
                framing =
                        sized ? number(bytes, value, at - 2) : isChunked(bytes, value, at - 2) ? IN_CHUNKS : NO_FRAMING;
                if (framing == NO_FRAMING) {
                    return ODD;
                }
            }
        }
        return ODD;
    }

    /** The beginning of the first field line. */
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
        return CleanBytes.lineEnd(bytes, at + 4, to);
    }

    private int sized(int from, int to) {
        return from + known + framing <= to ? (int) (known + framing) : MORE;
    }

    private int chunks(byte[] bytes, int from, int to) {
        while (true) {
            int at = from + known;
            int digits = at;
            long size = 0;
            int digit = at < to ? CleanBytes.hex(bytes[at]) : -1;
            while (digit >= 0) {
                size = size << 4 | digit;
                at++;
                if (at - digits > 7) {
                    return ODD;
                }
                digit = at < to ? CleanBytes.hex(bytes[at]) : -1;
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
            known = at + 2 - from;
            if (size == 0) {
                return known;
            }
        }
    }

    /** A value of one space and digits; anything else is not clean. */
    private static long number(byte[] bytes, int from, int to) {
        int digits = to - from - 1;
        if (digits < 1 || digits > MAX_DIGITS || bytes[from] != ' ') {
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
        return to - from == CHUNKED.length + 1 && bytes[from] == ' ' && CleanBytes.is(bytes, from + 1, to, CHUNKED);
    }
}
