// SPDX-License-Identifier: Apache-2.0
package upstreamreset.http1;

import java.util.Arrays;

/** A status line (RFC 9112 §4), as far as it is readable. */
record StatusLine(String version, int status, String reason) {
    private static final byte[] KNOWN = {'H', 'T', 'T', 'P', '/', '1', '.'};

    static final StatusLine NONE = new StatusLine("", 0, "");

    /** Reads {@code length} bytes without the line end; they begin with {@code HTTP/}, in upper or lower case. */
    static StatusLine read(byte[] bytes, int length, long offset, Violations violations) {
        int versionEnd = until(bytes, 0, length);
        var version = Characters.text(bytes, 0, versionEnd);
        if (!knownVersion(bytes, versionEnd)) {
            violations.add(Rule.INVALID_HTTP_VERSION, offset, bytes, 0, length);
        }
        int code = versionEnd;
        while (code < length && (bytes[code] == ' ' || bytes[code] == '\t')) {
            code++;
        }
        int codeEnd = until(bytes, code, length);
        boolean exact = code == versionEnd + 1 && codeEnd < length && bytes[versionEnd] == ' ' && bytes[codeEnd] == ' ';
        if (!exact) {
            violations.add(Rule.MALFORMED_STATUS_LINE, offset, bytes, 0, length);
        }
        int status = status(bytes, code, codeEnd);
        if (status < 100 || status > 599) {
            violations.add(Rule.INVALID_STATUS_CODE, offset + code, bytes, code, codeEnd - code);
        }
        int reason = Math.min(codeEnd + 1, length);
        for (int i = reason; i < length; i++) {
            if (Characters.control(bytes[i])) {
                violations.add(
                        bytes[i] == '\r' ? Rule.BARE_CR : Rule.INVALID_REASON_CHARACTER,
                        offset + reason,
                        bytes,
                        reason,
                        length - reason);
                break;
            }
        }
        return new StatusLine(version, Math.max(status, 0), Characters.text(bytes, reason, length));
    }

    /** HTTP/1 and one digit (RFC 9112 §2.3). */
    private static boolean knownVersion(byte[] bytes, int length) {
        return length == 8 && Characters.digit(bytes[7]) && Arrays.equals(bytes, 0, 7, KNOWN, 0, 7);
    }

    private static int status(byte[] bytes, int from, int to) {
        if (to - from != 3) {
            return -1;
        }
        int status = 0;
        for (int i = from; i < to; i++) {
            if (!Characters.digit(bytes[i])) {
                return -1;
            }
            status = 10 * status + bytes[i] - '0';
        }
        return status;
    }

    private static int until(byte[] bytes, int from, int length) {
        int i = from;
        while (i < length && bytes[i] != ' ' && bytes[i] != '\t') {
            i++;
        }
        return i;
    }
}
