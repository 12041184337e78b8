// SPDX-License-Identifier: Apache-2.0
package upstreamreset.inspect;

import java.util.List;
import upstreamreset.verdict.Finding;

/** Bytes from the wire as HTML that can only be read: printable ASCII as it is, all else escaped, guilty bytes marked. */
final class WireHtml {
    private WireHtml() {}

    static String text(String text) {
        var html = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            character(html, text.charAt(i));
        }
        return html.toString();
    }

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
            wireByte(html, bytes[i] & 0xFF);
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

    private static void wireByte(StringBuilder html, int b) {
        switch (b) {
            case '\r' -> html.append("<i>\\r</i>");
            case '\n' -> html.append("<i>\\n</i>\n");
            case '\t' -> html.append("<i>\\t</i>");
            default -> {
                if (b >= 0x20 && b < 0x7F) {
                    character(html, (char) b);
                } else {
                    html.append("<i>\\x")
                            .append(Character.forDigit(b >> 4, 16))
                            .append(Character.forDigit(b & 15, 16))
                            .append("</i>");
                }
            }
        }
    }

    private static void character(StringBuilder html, char c) {
        switch (c) {
            case '&' -> html.append("&amp;");
            case '<' -> html.append("&lt;");
            case '>' -> html.append("&gt;");
            case '"' -> html.append("&quot;");
            case '\'' -> html.append("&#39;");
            default -> html.append(c);
        }
    }
}
