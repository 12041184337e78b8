// SPDX-License-Identifier: Apache-2.0
package upstreamreset.protocol;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The first bytes of one direction, or of a message in it, a bounded number of them, read as unsigned numbers and as text. */
public final class FirstBytes {
    /** How many it keeps. */
    public static final int MAX_BYTES = 1 << 14;

    private byte[] bytes = {};
    private int length;

    /** Those of a text, each character a byte. */
    public static FirstBytes of(String latin1) {
        var first = new FirstBytes();
        var bytes = latin1.getBytes(StandardCharsets.ISO_8859_1);
        first.add(bytes, 0, bytes.length);
        return first;
    }

    /** Adds the bytes [from, to) of a segment, as far as there is room. */
    public void add(byte[] segment, int from, int to) {
        int added = Math.min(to - from, MAX_BYTES - length);
        if (length + added > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.min(MAX_BYTES, Math.max(length + added, 2 * bytes.length)));
        }
        System.arraycopy(segment, from, bytes, length, added);
        length += added;
    }

    public int length() {
        return length;
    }

    /** About how much memory it takes, in bytes. */
    public long held() {
        return bytes.length;
    }

    boolean isEmpty() {
        return length == 0;
    }

    /** Its bytes; the first {@link #length} count. */
    public byte[] bytes() {
        return bytes;
    }

    /** The byte there, or -1 after the last one. */
    int at(int index) {
        return index < length ? bytes[index] & 0xFF : -1;
    }

    /** Two bytes, the more significant first; less than 0 if they have not come. */
    int u16(int index) {
        return index + 2 <= length ? at(index) << 8 | at(index + 1) : -1;
    }

    int u24(int index) {
        return index + 3 <= length ? u16(index) << 8 | at(index + 2) : -1;
    }

    long u32(int index) {
        return index + 4 <= length ? (long) u16(index) << 16 | u16(index + 2) : -1;
    }

    /** Four bytes, the least significant first; less than 0 if they have not come. */
    long u32Little(int index) {
        return index + 4 <= length
                ? (long) at(index + 3) << 24 | at(index + 2) << 16 | at(index + 1) << 8 | at(index)
                : -1;
    }

    boolean begins(String text) {
        return has(0, text);
    }

    /** Whether these characters come next. */
    boolean has(int index, String text) {
        if (index + text.length() > length) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (at(index + i) != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Whether it is the beginning of {@code text}, and not yet all of it. */
    boolean begun(String text) {
        if (length == 0 || length >= text.length()) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (at(i) != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** The first position of the value from {@code index} on and before {@code end}, or -1. */
    int find(int value, int index, int end) {
        for (int i = index; i < Math.min(end, length); i++) {
            if (at(i) == value) {
                return i;
            }
        }
        return -1;
    }

    /** The first line that is not empty, without its line end, or all of it where none has come; a bounded part of it. */
    String firstLine() {
        int from = 0;
        while (at(from) == '\r' || at(from) == '\n') {
            from++;
        }
        int end = find('\n', from, length);
        int to = Math.min(end < 0 ? length : end, from + 512);
        return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1).stripTrailing();
    }
}
