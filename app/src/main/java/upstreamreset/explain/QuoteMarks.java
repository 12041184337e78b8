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
            depth = inTranscript ? depth : 0;
            return line;
        }
        if (inTranscript) {
            return behind(line, depth);
        }
        int marks = marks(line);
        var text = behind(line, marks);
        boolean goes = isQuote || CLIENT.matcher(text).matches();
        isQuote = marks > 0;
        depth = goes ? marks : 0;
        return goes ? text : line;
    }

    /** How many of the line's marks are not curl's. */
    private static int marks(String line) {
        var curl = CURL.matcher(line);
        int marks = 0;
        for (int at = 0;
                line.startsWith(">", at) && !curl.region(at, line.length()).matches();
                at = next(line, at)) {
            marks++;
        }
        return marks;
    }

    private static String behind(String line, int marks) {
        int at = 0;
        for (int i = 0; i < marks && line.startsWith(">", at); i++) {
            at = next(line, at);
        }
        return line.substring(at);
    }

    private static int next(String line, int mark) {
        return mark + (line.startsWith("> ", mark) ? 2 : 1);
    }
}
