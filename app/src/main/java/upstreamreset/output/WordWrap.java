// SPDX-License-Identifier: Apache-2.0
package upstreamreset.output;

import java.util.ArrayList;
import java.util.List;

/** Text in lines of at most 100 characters. */
public final class WordWrap {
    private static final int WIDTH = 100;

    private WordWrap() {}

    /** The text behind its label, and below that indented as far. */
    public static List<String> lines(String label, String text) {
        var lines = new ArrayList<String>();
        var line = new StringBuilder(label);
        for (var word : text.split(" ", -1)) {
            if (line.length() + 1 + word.length() > WIDTH) {
                lines.add(line.toString());
                line = new StringBuilder(" ".repeat(label.length()));
            } else if (!line.toString().endsWith(" ")) {
                line.append(' ');
            }
            line.append(word);
        }
        lines.add(line.toString());
        return lines;
    }
}
