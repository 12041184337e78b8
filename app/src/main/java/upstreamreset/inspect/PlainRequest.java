// SPDX-License-Identifier: Apache-2.0
package upstreamreset.inspect;

/**
 * Knows, in one pass and without an object, the requests of which nothing but their length matters as long as their responses
 * are plain: a whole head, no body, nothing that changes how the response is read. A test holds it to the reader.
 */
final class PlainRequest {
    private static final byte[] VERSION = CleanBytes.ascii(" http/1.");
    private static final byte[][] OF_THE_FRAMING = {
        CleanBytes.ascii("content-length"), CleanBytes.ascii("transfer-encoding"), CleanBytes.ascii("upgrade")
    };
    private static final byte[][] OTHERWISE_ANSWERED = {CleanBytes.ascii("head"), CleanBytes.ascii("connect")};

    private PlainRequest() {}

    /** How long the plain request at {@code from} is; 0 where there is none, or not all of it. */
    static int length(byte[] bytes, int from, int to) {
        int at = requestLine(bytes, from, to);
        while (at > 0 && at + 2 <= to) {
            if (bytes[at] == '\r') {
                return bytes[at + 1] == '\n' ? at + 2 - from : 0;
            }
            int name = at;
            while (at < to && CleanBytes.name(bytes[at])) {
                at++;
            }
            if (at == to || at == name || bytes[at] != ':' || isOneOf(OF_THE_FRAMING, bytes, name, at)) {
                return 0;
            }
            at = CleanBytes.lineEnd(bytes, at + 1, to);
        }
        return 0;
    }

    /** Where the first field line begins, or 0. */
    private static int requestLine(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && bytes[at] >= 'A' && bytes[at] <= 'Z') {
            at++;
        }
        if (at == from || at == to || bytes[at] != ' ' || isOneOf(OTHERWISE_ANSWERED, bytes, from, at)) {
            return 0;
        }
        int target = ++at;
        while (at < to && bytes[at] > ' ' && bytes[at] < 0x7F) {
            at++;
        }
        if (at == target || at + VERSION.length + 3 > to || !CleanBytes.is(bytes, at, at + VERSION.length, VERSION)) {
            return 0;
        }
        return Math.max(0, CleanBytes.lineEnd(bytes, at + VERSION.length, to));
    }

    private static boolean isOneOf(byte[][] words, byte[] bytes, int from, int to) {
        for (var word : words) {
            if (CleanBytes.is(bytes, from, to, word)) {
                return true;
            }
        }
        return false;
    }
}
