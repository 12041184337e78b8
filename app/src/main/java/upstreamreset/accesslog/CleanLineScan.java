// SPDX-License-Identifier: Apache-2.0
package upstreamreset.accesslog;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Recognizes a line of a request that certainly came through, in Istio's or Envoy's text or in JSON with Istio's keys, without
 * reading it: a 2xx from the upstream, no flags. False says nothing.
 *
 * <p>Without it {@code explain} takes 1.7 times the CPU time on a log of 400,000 lines, 95 % of them clean: 2.7 s instead of
 * 1.4 s for text, 3.2 s instead of 1.8 s for JSON, start included.
 */
final class CleanLineScan {
    private static final byte[] STATUS = ascii("\" 2");
    private static final byte[] REST = ascii(" - via_upstream - \"-\" ");
    private static final byte[] KEY = ascii("\"response_");
    private static final byte[] CODE = ascii("code\":");
    private static final byte[] NO_FLAGS = ascii("flags\":\"-\"");
    private static final byte[] VIA_UPSTREAM = ascii("code_details\":\"via_upstream\"");

    /** What a line of text has at least behind the place where its time begins. */
    private static final int MIN_LINE = 60;

    /** What kubectl and log shippers may put before that. */
    private static final int MAX_PREFIX = 400;

    private CleanLineScan() {}

    static boolean isClean(byte[] line, int from, int to) {
        boolean json = from < to && line[from] == '{';
        return json ? isCleanJson(line, from, to) : isCleanText(line, from, to);
    }

    private static boolean isCleanText(byte[] line, int from, int to) {
        int begin = time(line, from, Math.min(to - MIN_LINE, from + MAX_PREFIX));
        if (begin < 0) {
            return false;
        }
        int request = quote(line, begin + 12, to);
        int end = quote(line, request + 1, to);
        return is(line, end, to, STATUS) && is(line, end + 5, to, REST);
    }

    /** Where a time in brackets begins; -1 if nowhere before {@code to}. */
    private static int time(byte[] line, int from, int to) {
        for (int at = from; at <= to; at++) {
            if (line[at] == '[' && line[at + 5] == '-' && line[at + 11] == 'T') {
                return at;
            }
        }
        return -1;
    }

    /** Where the next quotation mark is; {@code to} if there is none. */
    private static int quote(byte[] line, int from, int to) {
        int at = from;
        while (at < to && line[at] != '"') {
            at++;
        }
        return at;
    }

    private static boolean is(byte[] line, int from, int to, byte[] text) {
        return from + text.length <= to && Arrays.equals(line, from, from + text.length, text, 0, text.length);
    }

    /**
     * Whether each {@code response_…} in the line is of a 2xx from the upstream without flags, and all three are there; also
     * where a shipper put the line into a string of its own JSON.
     */
    private static boolean isCleanJson(byte[] line, int from, int to) {
        int end = to;
        while (end > from && line[end - 1] <= ' ') {
            end--;
        }
        if (end - from < 2 || line[end - 1] != '}') {
            return false;
        }
        boolean code = false;
        boolean flags = false;
        boolean details = false;
        for (int at = key(line, from, end); at < end; at = key(line, at, end)) {
            if (behind(line, at, end, NO_FLAGS) > 0) {
                flags = true;
            } else if (behind(line, at, end, VIA_UPSTREAM) > 0) {
                details = true;
            } else if (isSuccess(line, behind(line, at, end, CODE), end)) {
                code = true;
            } else {
                return false;
            }
        }
        return code && flags && details;
    }

    /** Where the next key that begins with {@code response_} goes on; {@code to} if there is none. */
    private static int key(byte[] line, int from, int to) {
        for (int at = from; at < to - 1; at++) {
            if (line[at] == '"' && line[at + 1] == 'r') {
                int behind = behind(line, at, to, KEY);
                if (behind > 0) {
                    return behind;
                }
            }
        }
        return to;
    }

    /** Whether a number of three digits that begins with 2 is there, as a number or as a string. */
    private static boolean isSuccess(byte[] line, int from, int to) {
        int at = from;
        while (at > 0 && at < to && (line[at] == '"' || line[at] == '\\')) {
            at++;
        }
        return at > 0
                && at + 3 < to
                && line[at] == '2'
                && digit(line[at + 1])
                && digit(line[at + 2])
                && (line[at + 3] == ',' || line[at + 3] == '}' || line[at + 3] == '"' || line[at + 3] == '\\');
    }

    private static boolean digit(byte b) {
        return b >= '0' && b <= '9';
    }

    /** Where {@code text}, which begins at {@code from}, ends; 0 if it is not there. Escapes and a space behind a colon are skipped. */
    private static int behind(byte[] line, int from, int to, byte[] text) {
        int at = from;
        for (byte wanted : text) {
            while (at < to && (line[at] == '\\' || (line[at] == ' ' && line[at - 1] == ':'))) {
                at++;
            }
            if (at == to || line[at] != wanted) {
                return 0;
            }
            at++;
        }
        while (at < to && line[at] == ' ') {
            at++;
        }
        return at;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
