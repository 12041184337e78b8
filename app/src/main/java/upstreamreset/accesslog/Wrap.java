// SPDX-License-Identifier: Apache-2.0
package upstreamreset.accesslog;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Undoes the wrapping of a line. A terminal wraps at its width, even inside a word, and copying may lose the blank
 * there; mail programs and people wrap at blanks, so their pieces have different lengths.
 */
final class Wrap {
    private static final int MAX_BLANKS = 3;

    private Wrap() {}

    /** The lines that the pieces may have been, the likeliest first. */
    static Set<String> joins(List<String> pieces) {
        var joins = new LinkedHashSet<String>();
        if (isAtAWidth(pieces)) {
            joins.add(byWidth(pieces));
            joins.add(String.join("", pieces));
            joins.add(String.join(" ", pieces));
        } else {
            joins.add(String.join(" ", pieces));
            joins.add(byWidth(pieces));
        }
        return joins;
    }

    /** Whether all pieces but the last are as long, or shorter by the blanks that were at their end. */
    static boolean isAtAWidth(List<String> pieces) {
        int width = width(pieces);
        return pieces.subList(0, pieces.size() - 1).stream().allMatch(piece -> piece.length() >= width - MAX_BLANKS);
    }

    static int width(List<String> pieces) {
        int width = 0;
        for (int i = 0; i < pieces.size() - 1; i++) {
            width = Math.max(width, pieces.get(i).length());
        }
        return width;
    }

    private static String byWidth(List<String> pieces) {
        int width = width(pieces);
        var line = new StringBuilder(pieces.getFirst());
        for (int i = 1; i < pieces.size(); i++) {
            line.append(pieces.get(i - 1).length() == width ? "" : " ").append(pieces.get(i));
        }
        return line.toString();
    }
}
