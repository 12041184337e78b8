// SPDX-License-Identifier: Apache-2.0
package upstreamreset.wire;

import java.util.HexFormat;

/**
 * The only way from text to markup, JSON and workflow commands: the result can neither end its context nor control a
 * terminal.
 */
public final class Escape {
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private Escape() {}

    /**
     * Fit for content and quoted attributes of HTML and of XML 1.0. Line breaks and tabs stay; for what XML forbids and what
     * turns the writing direction stands U+FFFD, as no reference may name it.
     */
    public static String markup(String text) {
        var escaped = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(c -> {
            switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                case '\n', '\t' -> escaped.append((char) c);
                default -> escaped.appendCodePoint(Printable.isHarmless(c) ? c : 0xFFFD);
            }
        });
        return escaped.toString();
    }

    /** The text of a workflow command of GitHub Actions, which ends with the line. */
    public static String workflowData(String text) {
        return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A");
    }

    /** The value of a property of such a command, which colon and comma end too. */
    public static String workflowProperty(String text) {
        return workflowData(text).replace(":", "%3A").replace(",", "%2C");
    }

    /** A string of RFC 8259 §7 with its quotation marks; a reader gets back {@code text}, character by character. */
    public static String json(String text) {
        var escaped = new StringBuilder(text.length() + 2);
        json(escaped, text);
        return escaped.toString();
    }

    /**
     * The same, appended: characters without need of escapes are copied in runs, because nearly every line has only
     * those.
     */
    public static void json(StringBuilder to, String text) {
        to.append('"');
        int done = 0;
        int at = 0;
        while (at < text.length()) {
            char plain = text.charAt(at);
            if (plain >= ' ' && plain < 0x7F && plain != '"' && plain != '\\') {
                at++;
                continue;
            }
            int c = text.codePointAt(at);
            to.append(text, done, at);
            json(to, c);
            at += Character.charCount(c);
            done = at;
        }
        to.append(text, done, at).append('"');
    }

    private static void json(StringBuilder to, int c) {
        switch (c) {
            case '"' -> to.append("\\\"");
            case '\\' -> to.append("\\\\");
            case '\b' -> to.append("\\b");
            case '\f' -> to.append("\\f");
            case '\n' -> to.append("\\n");
            case '\r' -> to.append("\\r");
            case '\t' -> to.append("\\t");
            default -> {
                if (Printable.isHarmless(c)) {
                    to.appendCodePoint(c);
                } else {
                    for (char half : Character.toChars(c)) {
                        to.append("\\u").append(HEX.toHexDigits(half));
                    }
                }
            }
        }
    }
}
