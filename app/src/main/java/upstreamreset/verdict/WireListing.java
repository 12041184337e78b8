// SPDX-License-Identifier: Apache-2.0
package upstreamreset.verdict;

import java.util.ArrayList;
import java.util.List;
import upstreamreset.wire.Printable;
import upstreamreset.wire.Secrets;

/** Shows what was sent line by line, each with its offset, those that findings speak of marked. */
public final class WireListing {
    /** Enough for a head and some chunks; a longer response is cut in the middle of nothing and says so. */
    private static final int MAX_LINES = 40;

    private static final int MAX_WIDTH = 100;

    private WireListing() {}

    /** One line of the listing a line sent. */
    public static List<String> of(byte[] bytes, List<Finding> findings) {
        var sent = Secrets.bytes(bytes);
        var listing = new ArrayList<String>();
        int start = 0;
        while (start < sent.length) {
            if (listing.size() == MAX_LINES) {
                listing.add("      … and " + (sent.length - start) + " bytes more");
                break;
            }
            int end = start;
            while (end < sent.length && sent[end] != '\n') {
                end++;
            }
            end = Math.min(end + 1, sent.length);
            listing.add(
                    "%s %5d  %s".formatted(guilty(findings, start, end) ? ">" : " ", start, text(sent, start, end)));
            start = end;
        }
        return listing;
    }

    private static boolean guilty(List<Finding> findings, int from, int to) {
        return findings.stream()
                .anyMatch(each -> each.offset() < to && each.offset() + Math.max(each.length(), 1) > from);
    }

    /** Without a CRLF at its end, which every line should have; any other end is shown. */
    private static String text(byte[] sent, int from, int to) {
        boolean crlf = to - from >= 2 && sent[to - 2] == '\r' && sent[to - 1] == '\n';
        return Printable.of(sent, from, to - from - (crlf ? 2 : 0), MAX_WIDTH);
    }
}
