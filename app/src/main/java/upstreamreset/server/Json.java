// SPDX-License-Identifier: Apache-2.0
package upstreamreset.server;

/** Quotes a string for JSON (RFC 8259 §7), so that one line of status needs no JSON library at start. */
final class Json {
    private Json() {}

    static String string(String text) {
        var quoted = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> quoted.append('\\').append(c);
                default -> {
                    if (c < ' ' || Character.isSurrogate(c)) {
                        quoted.append("\\u%04x".formatted((int) c));
                    } else {
                        quoted.append(c);
                    }
                }
            }
        }
        return quoted.append('"').toString();
    }
}
