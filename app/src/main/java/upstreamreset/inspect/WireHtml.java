// SPDX-License-Identifier: Apache-2.0
package upstreamreset.inspect;

import java.util.List;
import upstreamreset.verdict.Finding;
import upstreamreset.wire.Escape;
import upstreamreset.wire.Printable;

/** Bytes from the wire as HTML that can only be read: printable ASCII as it is, all else escaped, guilty bytes marked. */
final class WireHtml {
    /** Of each byte. */
    private static final String[] HTML = html();

    private WireHtml() {}

    /** {@code position} is where the bytes are in what their sender sent. */
    static String bytes(byte[] bytes, int length, long position, List<Finding> findings) {
        var html = new StringBuilder(length * 2);
        boolean marked = false;
        for (int i = 0; i < length; i++) {
            boolean guilty = guilty(findings, position + i);
            if (guilty != marked) {
                html.append(guilty ? "<mark>" : "</mark>");
                marked = guilty;
            }
            html.append(HTML[bytes[i] & 0xFF]);
        }
        return html.append(marked ? "</mark>" : "").toString();
    }

    private static boolean guilty(List<Finding> findings, long at) {
        for (var finding : findings) {
            if (finding.offset() <= at && at < finding.offset() + finding.length()) {
                return true;
            }
        }
        return false;
    }

    private static String[] html() {
        var html = new String[256];
        for (int b = 0; b < html.length; b++) {
            var text = Printable.of(new byte[] {(byte) b});
            boolean plain = b == '\\' || text.length() == 1;
            html[b] = plain ? Escape.markup(String.valueOf((char) b)) : "<i>" + text + "</i>";
        }
        html['\n'] += "\n";
        return html;
    }
}
