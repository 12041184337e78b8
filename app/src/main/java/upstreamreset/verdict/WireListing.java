// SPDX-License-Identifier: Apache-2.0
package upstreamreset.verdict;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import upstreamreset.wire.Printable;
import upstreamreset.wire.Secrets;

/** Prints sent bytes line by line, each with its offset; lines with findings are marked. */
public final class WireListing {
    /** Enough for a head and some chunks; a longer response is cut in the middle of nothing and says so. */
    private static final int MAX_LINES = 40;

    /** Shown also where the findings are further on. */
    private static final int MIN_FIRST = 5;

    private static final int MAX_WIDTH = 100;

    private WireListing() {}

    /** One line of the listing a line sent: the first ones, and where those that findings speak of come later, these too. */
    public static List<String> of(byte[] bytes, List<Finding> findings) {
        var sent = Secrets.bytes(bytes);
        var guilty = new BitSet();
        var listing = new ArrayList<String>();
        int line = 0;
        int shown = 0;
        for (int start = 0; start < sent.length; line++) {
            int end = end(sent, start);
            if (guilty(findings, start, end)) {
                guilty.set(line);
            }
            start = end;
        }
        boolean late = guilty.length() > MAX_LINES;
        line = 0;
        for (int start = 0; start < sent.length && listing.size() < MAX_LINES; line++) {
            int end = end(sent, start);
            if (!late || line < MIN_FIRST || near(guilty, line)) {
                if (start > shown) {
                    listing.add("      … " + (start - shown) + " bytes between");
                }
                listing.add("%s %5d  %s".formatted(guilty.get(line) ? ">" : " ", start, text(sent, start, end)));
                shown = end;
            }
            start = end;
        }
        if (shown < sent.length) {
            listing.add("      … and " + (sent.length - shown) + " bytes more");
        }
        return listing;
    }

    /** Whether it, or the next line or the one before it, is one that findings speak of. */
    private static boolean near(BitSet guilty, int line) {
        int next = guilty.nextSetBit(Math.max(0, line - 1));
        return next >= 0 && next <= line + 1;
    }

    private static int end(byte[] sent, int start) {
        int end = start;
        while (end < sent.length && sent[end] != '\n') {
            end++;
        }
        return Math.min(end + 1, sent.length);
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
