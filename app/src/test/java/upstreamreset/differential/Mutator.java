// SPDX-License-Identifier: Apache-2.0
package upstreamreset.differential;

import java.util.List;
import java.util.Random;

/** Damages a response as bugs and bad networks do: its bytes, its lines, and the words that parsers look for. */
final class Mutator {
    private static final List<String> WORDS = List.of(
            "\r",
            "\n",
            "\r\n",
            "\r\n\r\n",
            "\0",
            "\1",
            "\13",
            "\177",
            "\t",
            " ",
            ":",
            ";",
            ",",
            "\"",
            "-",
            "+",
            "0",
            "5",
            "\344",
            "\303\244",
            "@",
            "(",
            "\\",
            "H",
            "HTTP/1.1 200 OK\r\n",
            "Transfer-Encoding: chunked\r\n",
            "Transfer-Encoding: gzip\r\n",
            "Content-Length: 5\r\n",
            "Content-Length: 0\r\n",
            "X-A: b\r\n",
            " folded\r\n",
            "0\r\n\r\n",
            "5\r\nhello\r\n",
            "HTTP/1.1 100 Continue\r\n\r\n");

    /** Where most heads and first chunks end. */
    static final int HEAD = 400;

    private static final int TAIL = 40;

    private final Random random;

    Mutator(Random random) {
        this.random = random;
    }

    String mutate(String text) {
        if (text.isEmpty()) {
            return WORDS.get(random.nextInt(WORDS.size()));
        }
        int at = random.nextInt(text.length());
        // Mostly in the head and the first chunk, which decide most; sometimes in the last one.
        if (at > HEAD) {
            at = random.nextInt(4) == 0 ? text.length() - 1 - random.nextInt(TAIL) : random.nextInt(HEAD);
        }
        var word = WORDS.get(random.nextInt(WORDS.size()));
        int end = Math.min(text.length(), at + 1 + random.nextInt(4));
        return switch (random.nextInt(9)) {
            case 0 -> text.substring(0, at) + (char) random.nextInt(256) + text.substring(at + 1);
            case 1 -> text.substring(0, at) + (char) (text.charAt(at) ^ 0x20) + text.substring(at + 1);
            case 2 -> text.substring(0, at) + text.substring(end);
            case 3 -> text.substring(0, at) + text.substring(at, end) + text.substring(at);
            case 4, 5 -> text.substring(0, at) + word + text.substring(at);
            case 6 -> text.substring(0, at);
            case 7 -> repeatLine(text, at);
            default -> dropLine(text, at);
        };
    }

    private static String repeatLine(String text, int at) {
        int from = text.lastIndexOf('\n', at - 1) + 1;
        int to = text.indexOf('\n', at) + 1;
        return to <= from ? text : text.substring(0, to) + text.substring(from, to) + text.substring(to);
    }

    private static String dropLine(String text, int at) {
        int from = text.lastIndexOf('\n', at - 1) + 1;
        int to = text.indexOf('\n', at) + 1;
        return to <= from ? text : text.substring(0, from) + text.substring(to);
    }
}
