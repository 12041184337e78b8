// SPDX-License-Identifier: Apache-2.0
package upstreamreset.explain;

import java.util.regex.Pattern;

/**
 * Removes the {@code >} with which mail, chats and Markdown quote a text, but not the one that curl writes before a request.
 * The first line of a quote keeps it, for its width tells how the line was wrapped, unless an HTTP client's output begins there;
 * within that, as many go as its first line had.
 */
final class QuoteMarks {
    private static final Pattern CURL = Pattern.compile("> [A-Z]{3,16} \\S+ HTTP/.*");
    private static final Pattern CLIENT = Pattern.compile("(?:[*<>$] |HTTP/\\d|curl |wget ).*");

    private int depth;
    private boolean isQuote;

    /** {@code line} as it was before somebody quoted it. */
    String without(String line, boolean inTranscript) {
        if (!line.startsWith(">")) {
            isQuote = false;
            return line;
        }
        if (inTranscript) {
            return behind(line, depth);
        }
        int marks = 0;
        var text = line;
        while (text.startsWith(">") && !CURL.matcher(text).matches()) {
            text = behind(text, 1);
            marks++;
        }
        boolean goes = isQuote || CLIENT.matcher(text).matches();
        isQuote = marks > 0;
        depth = goes ? marks : 0;
        return goes ? text : line;
    }

    private static String behind(String line, int marks) {
        var text = line;
        for (int i = 0; i < marks && text.startsWith(">"); i++) {
            text = text.substring(text.startsWith("> ") ? 2 : 1);
        }
        return text;
    }
}
