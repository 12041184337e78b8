// SPDX-License-Identifier: Apache-2.0
package upstreamreset.http1;

import java.nio.charset.StandardCharsets;

/** Bytes as characters, and their classes (RFC 9110 §5.6). */
public final class Characters {
    private static final boolean[] TOKEN = new boolean[256];
    private static final boolean[] CONTROL = new boolean[256];

    static {
        for (int c = 0; c < ' '; c++) {
            CONTROL[c] = c != '\t';
        }
        CONTROL[0x7F] = true;
        for (char c : "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".toCharArray()) {
            TOKEN[c] = true;
        }
    }

    private Characters() {}

    static String text(byte[] bytes, int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }

    /** Whether a field name may have it (RFC 9110 §5.6.2). */
    public static boolean token(byte b) {
        return TOKEN[b & 0xFF];
    }

    /** Whether it is a control character, which no field value may contain; HTAB is white space (RFC 9110 §5.5). */
    public static boolean control(byte b) {
        return CONTROL[b & 0xFF];
    }

    static boolean space(byte b) {
        return b == ' ' || b == '\t' || b == '\r' || b == '\n';
    }

    public static boolean digit(byte b) {
        return b >= '0' && b <= '9';
    }
}
