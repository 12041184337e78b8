// SPDX-License-Identifier: Apache-2.0
package upstreamreset.accesslog;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Undoes the changes that chats, word processors, web pages, exports and shells make to a line, and restores Envoy's
 * characters.
 */
public final class PlainText {
    private static final Pattern COLOUR = Pattern.compile(
            "(?:\u001b|\\^\\[|\\\\u001[bB]|\\\\x1[bB]|\\\\033|\\\\e)\\[[0-9;?]{0,20}[mKGHJ]|\\[[0-9]{1,3}(?:;[0-9]{1,3}){0,4}m");
    private static final Pattern TAG =
            Pattern.compile("</?(?:b|i|u|em|strong|code|pre|span|mark|br|p|td|tr|div|li|font)(?: [^<>]{0,200})?/?>");
    private static final Pattern ENTITY =
            Pattern.compile("&(?:quot|apos|amp|lt|gt|nbsp|#\\d{1,5}|#x[0-9A-Fa-f]{1,4});");
    private static final Pattern CELL = Pattern.compile("(?:^|\\s)[|│┃](?=\\s|$)");
    private static final Pattern BLANKS = Pattern.compile("\\s{2,}|[\\t\\r\\n]");
    private static final String QUOTES = "\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033\u301d\u301e\uff02";
    private static final String APOSTROPHES = "\u2018\u2019\u201a\u201b\u2032";
    private static final String DASHES = "\u2010\u2011\u2012\u2013\u2014\u2212";

    private PlainText() {}

    static String of(String line) {
        var text = characters(line);
        if (text.indexOf('[') >= 0) {
            text = COLOUR.matcher(text).replaceAll("");
        }
        if (text.indexOf('&') >= 0) {
            text = withoutEntities(text);
        }
        if (text.indexOf('<') >= 0) {
            text = TAG.matcher(text).replaceAll("");
        }
        text = text.replace("**", "").replace("`", "").replace("~~", "");
        if (text.indexOf('|') >= 0 || text.indexOf('│') >= 0 || text.indexOf('┃') >= 0) {
            text = CELL.matcher(text).replaceAll(" ");
        }
        return BLANKS.matcher(text).replaceAll(" ").strip();
    }

    /** The characters that a page's entities stand for. */
    public static String withoutEntities(String text) {
        return ENTITY.matcher(text).replaceAll(match -> Matcher.quoteReplacement(entity(match.group())));
    }

    /** The same line before it was put into a string, once. */
    static String unescaped(String line) {
        if (line.contains("\\\"")) {
            return line.replace("\\\\", "\\")
                    .replace("\\\"", "\"")
                    .replace("\\n", " ")
                    .replace("\\t", " ");
        }
        return line.contains("\"\"") ? line.replace("\"\"", "\"") : line;
    }

    private static String characters(String line) {
        int first = 0;
        while (first < line.length() && line.charAt(first) < 0x80) {
            first++;
        }
        if (first == line.length()) {
            return line;
        }
        var text = new StringBuilder(line.length()).append(line, 0, first);
        for (int i = first; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c < 0x80) {
                text.append(c);
            } else if (QUOTES.indexOf(c) >= 0) {
                text.append('"');
            } else if (APOSTROPHES.indexOf(c) >= 0) {
                text.append('\'');
            } else if (DASHES.indexOf(c) >= 0) {
                text.append('-');
            } else if (c == '\u00a0' || c == '\u202f' || c == '\u3000' || (c >= '\u2000' && c <= '\u200a')) {
                text.append(' ');
            } else if (c != '\u200b'
                    && c != '\u200c'
                    && c != '\u200d'
                    && c != '\u2060'
                    && c != '\ufeff'
                    && c != '\u00ad') {
                text.append(c);
            }
        }
        return text.toString();
    }

    private static String entity(String entity) {
        var name = entity.substring(1, entity.length() - 1);
        return switch (name) {
            case "quot" -> "\"";
            case "apos" -> "'";
            case "amp" -> "&";
            case "lt" -> "<";
            case "gt" -> ">";
            case "nbsp" -> " ";
            default -> {
                int code = name.startsWith("#x")
                        ? Integer.parseInt(name, 2, name.length(), 16)
                        : Integer.parseInt(name, 1, name.length(), 10);
                yield code == 0xa0 ? " " : code >= 0x20 && code < 0x7f ? Character.toString(code) : entity;
            }
        };
    }
}
