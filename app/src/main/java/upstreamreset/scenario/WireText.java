// SPDX-License-Identifier: Apache-2.0
package upstreamreset.scenario;

import java.io.ByteArrayOutputStream;
import java.util.HexFormat;
import upstreamreset.wire.Bytes;

/** Bytes written as text: {@code "GET / HTTP/1.1\r\n"}, {@code 3*"ab"}, {@code \x00}. */
final class WireText {
    private WireText() {}

    /** The bytes of one or more literals, each {@code "…"} or {@code COUNT*"…"}, separated by spaces. */
    static Bytes parse(String literals) {
        var out = new ByteArrayOutputStream(literals.length());
        int at = 0;
        while (at < literals.length()) {
            if (literals.charAt(at) == ' ') {
                at++;
                continue;
            }
            int times = 1;
            int star = at;
            while (star < literals.length() && Character.isDigit(literals.charAt(star))) {
                star++;
            }
            if (star > at) {
                times = Integer.parseInt(literals, at, star, 10);
                at = expect(literals, star, '*');
            }
            at = expect(literals, at, '"');
            var literal = new ByteArrayOutputStream();
            at = unescape(literals, at, literal);
            for (int i = 0; i < times; i++) {
                out.writeBytes(literal.toByteArray());
            }
        }
        return Bytes.of(out.toByteArray());
    }

    /** Writes the text before the closing quote; returns the position after it. */
    private static int unescape(String text, int from, ByteArrayOutputStream out) {
        int at = from;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '"') {
                return at;
            }
            if (c != '\\') {
                if (c < 0x20 || c > 0x7e) {
                    throw new IllegalArgumentException("write the character U+%04X as \\xHH bytes".formatted((int) c));
                }
                out.write(c);
                continue;
            }
            char escaped = at < text.length() ? text.charAt(at++) : ' ';
            switch (escaped) {
                case 'r' -> out.write('\r');
                case 'n' -> out.write('\n');
                case 't' -> out.write('\t');
                case '0' -> out.write(0);
                case '"', '\\' -> out.write(escaped);
                case 'x' -> {
                    if (at + 2 > text.length()) {
                        throw new IllegalArgumentException("\\x needs two hex digits");
                    }
                    out.write(HexFormat.fromHexDigits(text, at, at + 2));
                    at += 2;
                }
                default -> throw new IllegalArgumentException("unknown escape \\" + escaped);
            }
        }
        throw new IllegalArgumentException("no closing quote");
    }

    private static int expect(String text, int at, char wanted) {
        if (at >= text.length() || text.charAt(at) != wanted) {
            throw new IllegalArgumentException("expected " + wanted + " at character " + (at + 1) + " of: " + text);
        }
        return at + 1;
    }
}
