// SPDX-License-Identifier: Apache-2.0
package upstreamreset.inspect;

import java.nio.charset.StandardCharsets;

/**
 * The unremarkable bytes of a head: a subset of those that RFC 9110 §5.5 and §5.6.2 allow, which no recipient disputes.
 */
final class CleanBytes {
    /** A look in a table: a call a byte would be most of the work. */
    private static final boolean[] NAME = new boolean[256];

    private static final byte[] HEX = new byte[256];

    static {
        for (byte b : ascii("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-")) {
            NAME[b] = true;
        }
        for (int i = 0; i < HEX.length; i++) {
            HEX[i] = (byte) (i < 128 ? Character.digit(i, 16) : -1);
        }
    }

    private CleanBytes() {}

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Whether a field's name may have it. */
    static boolean name(byte b) {
        return NAME[b & 0xFF];
    }

    /** The value of a hexadecimal digit, or -1. */
    static int hex(byte b) {
        return HEX[b & 0xFF];
    }

    /**
     * Where the next line begins after a rest of visible characters and spaces that ends in CR LF;
     * {@link CleanResponseScan#MORE} where {@code to} comes before, {@link CleanResponseScan#ODD} where it does not.
     */
    static int lineEnd(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && bytes[at] >= ' ' && bytes[at] < 0x7F) {
            at++;
        }
        if (at + 1 >= to) {
            return CleanResponseScan.MORE;
        }
        return bytes[at] == '\r' && bytes[at + 1] == '\n' ? at + 2 : CleanResponseScan.ODD;
    }

    /** Whether it is this word, which is given in lower case, in any case. */
    static boolean is(byte[] bytes, int from, int to, byte[] lower) {
        if (to - from != lower.length) {
            return false;
        }
        for (int i = 0; i < lower.length; i++) {
            if ((bytes[from + i] | 0x20) != lower[i]) {
                return false;
            }
        }
        return true;
    }
}
