// SPDX-License-Identifier: Apache-2.0
package upstreamreset.diagnosis;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Follows the requests on a connection as far as pairing needs it: method, target, x-request-id and where the next one
 * begins (RFC 9112 §3 and §6). It judges nothing; where it loses its way it waits for the next segment that begins with
 * a method.
 */
final class RequestReader {
    private static final int LONGEST_HEAD = 1 << 16;
    private static final int LONGEST_METHOD = 20;

    private final Consumer<HeardRequest> heard;
    private byte[] head = new byte[0];
    private int headLength;
    private long bodyLeft;
    private boolean lost;
    private final ChunkedSkipper chunks = new ChunkedSkipper();
    private boolean inChunks;

    RequestReader(Consumer<HeardRequest> heard) {
        this.heard = heard;
    }

    /** How many bytes it keeps room for. */
    long held() {
        return head.length;
    }

    /** Bytes are missing. */
    void gap(long length) {
        if (bodyLeft >= length && length > 0) {
            bodyLeft -= length;
        } else {
            lose();
        }
    }

    private void lose() {
        lost = true;
        headLength = 0;
        bodyLeft = 0;
        inChunks = false;
    }

    void data(byte[] bytes, int from, int length, long nanos) {
        int at = from;
        int to = from + length;
        if (lost && !beginsWithMethod(bytes, from, to)) {
            return;
        }
        lost = false;
        while (at < to && !lost) {
            if (bodyLeft > 0) {
                int step = (int) Math.min(bodyLeft, to - at);
                bodyLeft -= step;
                at += step;
            } else if (inChunks) {
                at = chunks.skip(bytes, at, to);
                inChunks = !chunks.done();
                if (chunks.malformed()) {
                    lose();
                }
            } else {
                at = head(bytes, at, to, nanos);
            }
        }
    }

    private int head(byte[] bytes, int from, int to, long nanos) {
        int at = from;
        if (headLength == 0) {
            while (at < to && (bytes[at] == '\r' || bytes[at] == '\n')) {
                at++; // RFC 9112 §2.2: empty lines before a request line are skipped
            }
            int end = headEnd(bytes, at, at, to);
            if (end > 0) {
                parse(bytes, at, end, nanos);
                return end;
            }
        }
        int old = headLength;
        int added = Math.min(to - at, LONGEST_HEAD - old);
        if (old + added > head.length) {
            head = Arrays.copyOf(head, Math.min(LONGEST_HEAD, 2 * (old + added)));
        }
        System.arraycopy(bytes, at, head, old, added);
        headLength = old + added;
        int end = headEnd(head, 0, Math.max(0, old - 3), headLength);
        if (end > 0) {
            headLength = 0;
            parse(head, 0, end, nanos);
            return at + end - old;
        }
        if (headLength == LONGEST_HEAD) {
            lose();
        }
        return to;
    }

    /** Where the empty line after the fields ends, or 0. */
    private static int headEnd(byte[] bytes, int start, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] == '\n' && i > start) {
                if (i + 1 < to && bytes[i + 1] == '\n') {
                    return i + 2;
                }
                if (i + 2 < to && bytes[i + 1] == '\r' && bytes[i + 2] == '\n') {
                    return i + 3;
                }
            }
        }
        return 0;
    }

    static boolean beginsWithMethod(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && at - from < LONGEST_METHOD && ((bytes[at] >= 'A' && bytes[at] <= 'Z') || bytes[at] == '-')) {
            at++;
        }
        return at - from >= 3 && at < to && bytes[at] == ' ';
    }

    private void parse(byte[] bytes, int from, int to, long nanos) {
        if (!beginsWithMethod(bytes, from, to)) {
            lose();
            return;
        }
        int methodEnd = until(bytes, from, to, ' ');
        int targetEnd = methodEnd + 1;
        while (targetEnd < to && bytes[targetEnd] != ' ' && bytes[targetEnd] != '\r' && bytes[targetEnd] != '\n') {
            targetEnd++;
        }
        Optional<String> id = Optional.empty();
        int at = until(bytes, targetEnd, to, '\n') + 1;
        while (at < to) {
            int end = until(bytes, at, to, '\n');
            int colon = until(bytes, at, end, ':');
            switch (colon - at) {
                case 12 -> id = named(bytes, at, colon, "x-request-id") ? Optional.of(value(bytes, colon, end)) : id;
                case 14 -> {
                    if (named(bytes, at, colon, "content-length")) {
                        bodyLeft = number(value(bytes, colon, end));
                    }
                }
                case 17 -> {
                    if (named(bytes, at, colon, "transfer-encoding")) {
                        inChunks = true;
                        chunks.start();
                    }
                }
                default -> {}
            }
            at = end + 1;
        }
        if (inChunks) {
            bodyLeft = 0;
        }
        heard.accept(new HeardRequest(
                text(bytes, from, methodEnd),
                text(bytes, methodEnd + 1, Math.max(targetEnd, methodEnd + 1)),
                id,
                nanos));
    }

    private static int until(byte[] bytes, int from, int to, char wanted) {
        int at = from;
        while (at < to && bytes[at] != wanted) {
            at++;
        }
        return at;
    }

    private static boolean named(byte[] bytes, int from, int to, String lower) {
        for (int i = 0; i < to - from; i++) {
            if ((bytes[from + i] | 0x20) != lower.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static String value(byte[] bytes, int colon, int end) {
        return text(bytes, Math.min(colon + 1, end), end).strip();
    }

    private static String text(byte[] bytes, int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }

    private static long number(String text) {
        if (text.isEmpty() || text.length() > 18 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return 0;
        }
        return Long.parseLong(text);
    }
}
