// SPDX-License-Identifier: Apache-2.0
package upstreamreset.accesslog;

/**
 * Decides quickly whether a line that fits no format deserves a closer look: it has one of Envoy's words, or a status
 * with a flag. Nearly all lines of other programs have neither, and a log may contain millions of them.
 */
final class EnvoySigns {
    private static final String[] WORDS = {
        "HTTP/",
        "stream",
        "lag",
        "FLAG",
        "etail",
        "ETAIL",
        "esponse",
        "RESPONSE",
        "src.",
        "dst.",
        "\"rf\"",
        "rf=",
        "rf:",
        "rcd",
        "http1.",
        "http2.",
        "[20"
    };

    private EnvoySigns() {}

    static boolean in(String line) {
        for (var word : WORDS) {
            if (line.contains(word)) {
                return true;
            }
        }
        return hasFlagBehindStatus(line);
    }

    /** {@code 503 UC}: a digit, something that is neither letter nor digit, one of the flags. */
    private static boolean hasFlagBehindStatus(String line) {
        int capitals = 0;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c >= 'A' && c <= 'Z') {
                capitals++;
            } else {
                if (isFlag(line, i - capitals, i) && isStatusBefore(line, i - capitals)) {
                    return true;
                }
                capitals = 0;
            }
        }
        return isFlag(line, line.length() - capitals, line.length()) && isStatusBefore(line, line.length() - capitals);
    }

    private static boolean isFlag(String line, int from, int to) {
        return to - from >= 2
                && to - from <= 5
                && ResponseFlag.of(line.substring(from, to)).isPresent();
    }

    private static boolean isStatusBefore(String line, int end) {
        int at = end - 1;
        while (at >= 0 && end - at < 12 && !isAlphanumeric(line.charAt(at))) {
            at--;
        }
        return at < end - 1 && at >= 0 && line.charAt(at) >= '0' && line.charAt(at) <= '9';
    }

    private static boolean isAlphanumeric(char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    }
}
