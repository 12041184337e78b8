// SPDX-License-Identifier: Apache-2.0
package upstreamreset.http1;

import java.nio.charset.StandardCharsets;
import upstreamreset.wire.Bytes;

/** Keeps the first bytes of a run of any length, and counts the rest. */
final class BoundedSample {
    private static final byte[] NONE = {};
    private static final int MAX_KEPT = 64;

    private byte[] first = NONE;
    private long total;

    void add(byte[] source, int from, int length) {
        if (length > 0 && total == 0) {
            first = new byte[MAX_KEPT];
        }
        if (total < first.length) {
            System.arraycopy(source, from, first, (int) total, (int) Math.min(length, first.length - total));
        }
        total += length;
    }

    boolean isEmpty() {
        return total == 0;
    }

    void report(Rule rule, long offset, Violations violations) {
        var beginning = Bytes.of(first, 0, (int) Math.min(total, first.length));
        violations.add(rule, offset, (int) Math.min(total, Integer.MAX_VALUE), beginning);
    }

    /** The rule for the protocol that these bytes speak instead of HTTP/1. */
    Rule protocol() {
        if (total >= 3 && first[0] >= 0x14 && first[0] <= 0x17 && first[1] == 3 && first[2] >= 0 && first[2] <= 4) {
            return Rule.SPEAKS_TLS;
        }
        if (begins("SSH-")) {
            return Rule.SPEAKS_SSH;
        }
        // An HTTP/2 server begins with a SETTINGS frame on stream 0 (RFC 9113 §3.4).
        boolean settings =
                total >= 9 && first[0] == 0 && first[3] == 4 && (first[5] | first[6] | first[7] | first[8]) == 0;
        return settings || RequestLine.beginsHttp2(first, 0, (int) Math.min(total, first.length))
                ? Rule.SPEAKS_HTTP2
                : Rule.NOT_HTTP;
    }

    private boolean begins(String text) {
        return new String(first, StandardCharsets.ISO_8859_1).startsWith(text);
    }
}
