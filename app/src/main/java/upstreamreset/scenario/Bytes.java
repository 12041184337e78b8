// SPDX-License-Identifier: Apache-2.0
package upstreamreset.scenario;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Bytes that nobody can change, equal by content, shown with every control character visible. */
public final class Bytes {
    private final byte[] array;

    private Bytes(byte[] array) {
        this.array = array;
    }

    public static Bytes of(byte... array) {
        return new Bytes(array.clone());
    }

    /** One byte for each character, which must be below U+0100. */
    public static Bytes latin1(String text) {
        return new Bytes(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    static Bytes concat(List<Bytes> parts) {
        var all = new byte[parts.stream().mapToInt(Bytes::length).sum()];
        int at = 0;
        for (var part : parts) {
            System.arraycopy(part.array, 0, all, at, part.length());
            at += part.length();
        }
        return new Bytes(all);
    }

    public int length() {
        return array.length;
    }

    /** A copy. */
    public byte[] toArray() {
        return array.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes bytes && Arrays.equals(array, bytes.array);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(array);
    }

    /** As the scenario files write it, without the quotes: {@code \\r\\n}, {@code \\x00}. */
    @Override
    public String toString() {
        return WireText.escape(array);
    }
}
