// SPDX-License-Identifier: Apache-2.0
package upstreamreset.wire;

/** Shows bytes from the wire as text that no terminal or page can be harmed by: what is not printable ASCII is escaped. */
public final class Printable {
    /** As many characters as a reader's line holds; what is longer ends in an ellipsis. */
    public static final int LIMIT = 120;

    private static final String HEX = "0123456789abcdef";

    private Printable() {}

    public static String of(byte[] bytes) {
        return of(bytes, 0, bytes.length);
    }

    /** At most {@link #LIMIT} characters of the bytes from {@code offset}: {@code Transfer-Encoding: Chunked\r\n}. */
    public static String of(byte[] bytes, int offset, int length) {
        return of(bytes, offset, length, LIMIT);
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
        for (int i = plain; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c > 0xFF) {
                shown.append(harmless(c) ? String.valueOf(c) : "\\u%04x".formatted((int) c));
            } else {
                append(shown, c);
            }
        }
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
    private static boolean harmless(char c) {
        return switch (Character.getType(c)) {
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
                    text.append("\\x").append(HEX.charAt(b >> 4)).append(HEX.charAt(b & 0xF));
                }
            }
        }
    }
}
