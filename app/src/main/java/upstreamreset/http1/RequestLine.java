// SPDX-License-Identifier: Apache-2.0
package upstreamreset.http1;

import java.util.Arrays;

/**
 * Tells whether bytes begin with a request line of HTTP/1: any token, a target and the version (RFC 9112 §3). A method
 * is any token (RFC 9110 §9.1), so there is no list.
 */
public enum RequestLine {
    /** It is one. */
    HTTP1,
    /** It is not whole, and may become one. */
    BEGUN,
    NONE;

    private static final int MAX_METHOD = 64;
    private static final byte[] PREFACE = {'P', 'R', 'I', ' ', '*', ' ', 'H', 'T', 'T', 'P', '/', '2'};

    /** Empty lines before it are skipped (RFC 9112 §2.2). */
    public static RequestLine of(byte[] bytes, int from, int to) {
        int method = from;
        while (method < to && (bytes[method] == '\r' || bytes[method] == '\n')) {
            method++;
        }
        int at = method;
        while (at < to && Characters.token(bytes[at])) {
            at++;
        }
        if (at - method > MAX_METHOD || (at < to && (at == method || bytes[at] != ' '))) {
            return NONE;
        }
        int target = at + 1;
        while (at < to && bytes[at] != '\n') {
            if (bytes[at] >= 0 && bytes[at] < ' ' && bytes[at] != '\r' && bytes[at] != '\t') {
                return NONE;
            }
            at++;
        }
        return at == to ? BEGUN : endsInVersion(bytes, target, at) && !beginsHttp2(bytes, method, at) ? HTTP1 : NONE;
    }

    /** Whether {@code HTTP/1.1} or another version comes before the line's end, with other text before it. */
    private static boolean endsInVersion(byte[] bytes, int from, int lineEnd) {
        int end = lineEnd;
        while (end > from && (bytes[end - 1] == '\r' || bytes[end - 1] == ' ' || bytes[end - 1] == '\t')) {
            end--;
        }
        int at = end - 9;
        return at > from
                && bytes[at] == ' '
                && letter(bytes[at + 1], 'h')
                && letter(bytes[at + 2], 't')
                && letter(bytes[at + 3], 't')
                && letter(bytes[at + 4], 'p')
                && bytes[at + 5] == '/'
                && Characters.digit(bytes[at + 6])
                && bytes[at + 7] == '.'
                && Characters.digit(bytes[at + 8]);
    }

    /** Whether the bytes [from, to) begin HTTP/2: its preface is made to look like a request (RFC 9113 §3.4). */
    public static boolean beginsHttp2(byte[] bytes, int from, int to) {
        return to - from >= PREFACE.length
                && Arrays.equals(bytes, from, from + PREFACE.length, PREFACE, 0, PREFACE.length);
    }

    private static boolean letter(byte b, char lower) {
        return (b | 0x20) == lower;
    }
}
