// SPDX-License-Identifier: Apache-2.0
package upstreamreset.page;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import upstreamreset.verdict.Finding;
import upstreamreset.wire.Printable;

/** Bytes from the wire as inert HTML: printable ASCII unchanged, everything else escaped, offending bytes marked. */
public final class WireHtml {
    private WireHtml() {}

    /** {@code position} is where the bytes are in what their sender sent. */
    public static void write(Html html, byte[] bytes, int length, long position, List<Finding> findings)
            throws IOException {
        int at = 0;
        while (at < length) {
            boolean guilty = guilty(findings, position + at);
            int end = at + 1;
            while (end < length && guilty(findings, position + end) == guilty) {
                end++;
            }
            if (guilty) {
                html.open("mark");
            }
            run(html, bytes, at, end);
            if (guilty) {
                html.close("mark");
            }
            at = end;
        }
    }

    private static boolean guilty(List<Finding> findings, long at) {
        for (var finding : findings) {
            if (finding.offset() <= at && at < finding.offset() + finding.length()) {
                return true;
            }
        }
        return false;
    }

    private static void run(Html html, byte[] bytes, int from, int to) throws IOException {
        int at = from;
        while (at < to) {
            int end = at;
            while (end < to && plain(bytes[end])) {
                end++;
            }
            if (end > at) {
                html.text(new String(bytes, at, end - at, StandardCharsets.US_ASCII));
            } else {
                html.element("i", Printable.of(bytes, at, 1));
                if (bytes[at] == '\n') {
                    html.line();
                }
                end++;
            }
            at = end;
        }
    }

    private static boolean plain(byte b) {
        return b >= 0x20 && b < 0x7F;
    }
}
