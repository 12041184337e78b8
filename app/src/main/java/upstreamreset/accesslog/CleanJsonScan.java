// SPDX-License-Identifier: Apache-2.0
package upstreamreset.accesslog;

import java.nio.charset.StandardCharsets;

/**
 * Knows, without reading it, a line of JSON with Istio's keys that is plainly of a request which came through, also where a
 * shipper put it into a string of its own JSON. What it does not know says nothing.
 */
final class CleanJsonScan {
    private static final byte[] KEY = ascii("\"response_");
    private static final byte[] CODE = ascii("code\":");
    private static final byte[] FINE_FLAGS = ascii("flags\":\"-\"");
    private static final byte[] FINE_DETAILS = ascii("code_details\":\"via_upstream\"");

    private CleanJsonScan() {}

    /** Whether each {@code response_…} in the line is of a 2xx from the upstream without flags, and all three are there. */
    static boolean plainlyFine(byte[] line, int from, int to) {
        int end = to;
        while (end > from && line[end - 1] <= ' ') {
            end--;
        }
        if (end - from < 2 || line[from] != '{' || line[end - 1] != '}') {
            return false;
        }
        boolean code = false;
        boolean flags = false;
        boolean details = false;
        for (int at = key(line, from, end); at < end; at = key(line, at, end)) {
            if (behind(line, at, end, FINE_FLAGS) > 0) {
                flags = true;
            } else if (behind(line, at, end, FINE_DETAILS) > 0) {
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

    /** Where {@code text}, which begins at {@code from}, ends; 0 if it is not there. Escapes and a space behind a colon count not. */
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
