// SPDX-License-Identifier: Apache-2.0
package upstreamreset.output;

import java.util.ArrayList;
import java.util.List;

/** Wraps text to the terminal's columns, or to 100 without a terminal. */
public final class WordWrap {
    private WordWrap() {}

    /** The text behind its label, and below that indented as far. */
    public static List<String> lines(String label, String text) {
        int width = Terminal.current().columns();
        var lines = new ArrayList<String>();
        var line = new StringBuilder(label);
        for (var word : text.split(" ", -1)) {
            if (line.length() + 1 + word.length() > width) {
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
