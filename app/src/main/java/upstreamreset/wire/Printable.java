// SPDX-License-Identifier: Apache-2.0
package upstreamreset.wire;

import java.util.HexFormat;

/**
 * The only way from bytes and foreign text to a terminal: the result contains no control character, no change of the
 * writing direction and no lone surrogate.
 *
 * <p>{@link #of} escapes, so that a reader knows every byte: {@code Transfer-Encoding: Chunked\r\n}. {@link #words},
 * {@link #line} and {@link #lines} are for sentences, which stay readable: they substitute a question mark.
 */
public final class Printable {
    /** The maximum line length for a reader; longer text ends in an ellipsis. */
    public static final int MAX_LENGTH = 120;

    /** Another program's words inside one of our sentences. */
    private static final int MAX_WORDS = 300;

    private static final HexFormat HEX = HexFormat.of();

    private Printable() {}

    public static String of(byte[] bytes) {
        return of(bytes, 0, bytes.length);
    }

    /** At most {@link #MAX_LENGTH} characters of the bytes from {@code offset}. */
    public static String of(byte[] bytes, int offset, int length) {
        return of(bytes, offset, length, MAX_LENGTH);
    }

    public static String of(byte[] bytes, int offset, int length, int limit) {
        var text = new StringBuilder();
        for (int i = offset; i < offset + length; i++) {
            if (text.length() >= limit) {
                return text.append('…').toString();
            }
            append(text, bytes[i] & 0xFF);
        }
        return text.toString();
    }

    /** The same for text that came from the wire, whole; a character above 0xFF is kept if it prints. */
    public static String of(String text) {
        int plain = plain(text);
        if (plain == text.length()) {
            return text;
        }
        var shown = new StringBuilder(text.length() + 10).append(text, 0, plain);
        int c;
        for (int i = plain; i < text.length(); i += Character.charCount(c)) {
            c = text.codePointAt(i);
            if (c <= 0xFF) {
                append(shown, c);
            } else if (isHarmless(c)) {
                shown.appendCodePoint(c);
            } else {
                for (char half : Character.toChars(c)) {
                    shown.append("\\u").append(HEX.toHexDigits(half));
                }
            }
        }
        return shown.toString();
    }

    /** Another program's words, or a user's, as a part of a sentence: one line of bounded length. */
    public static String words(String text) {
        return text.length() <= MAX_WORDS ? line(text) : line(text.substring(0, MAX_WORDS)) + "…";
    }

    /** A message as one line, of any length. */
    public static String line(String text) {
        return replaced(text, false);
    }

    /** A whole message, of any length: line breaks and tabs stay. */
    public static String lines(String text) {
        return replaced(text, true);
    }

    private static String replaced(String text, boolean lines) {
        if (plain(text) == text.length()) {
            return text;
        }
        var shown = new StringBuilder(text.length());
        text.codePoints()
                .map(c -> switch (c) {
                    case '\n', '\t' -> lines ? c : ' ';
                    default -> isHarmless(c) ? c : '?';
                })
                .forEach(shown::appendCodePoint);
        return shown.toString();
    }

    /** How many characters at its beginning stay as they are: mostly all of them. */
    private static int plain(String text) {
        int at = 0;
        while (at < text.length() && text.charAt(at) >= 0x20 && text.charAt(at) < 0x7F && text.charAt(at) != '\\') {
            at++;
        }
        return at;
    }

    /** Letters, digits, marks and signs; neither controls, nor what turns the writing direction, nor half a pair. */
    static boolean isHarmless(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }

    private static void append(StringBuilder text, int b) {
        switch (b) {
            case '\r' -> text.append("\\r");
            case '\n' -> text.append("\\n");
            case '\t' -> text.append("\\t");
            case '\\' -> text.append("\\\\");
            default -> {
                if (b >= 0x20 && b < 0x7F) {
                    text.append((char) b);
                } else {
                    text.append("\\x").append(HEX.toHexDigits((byte) b));
                }
            }
        }
    }
}
