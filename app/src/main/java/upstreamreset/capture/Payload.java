// SPDX-License-Identifier: Apache-2.0
package upstreamreset.capture;

import java.util.Arrays;
import java.util.HexFormat;

/** Bytes as they were on the wire; immutable, and equal by content. */
public final class Payload {
    private final byte[] bytes;

    private Payload(byte[] bytes) {
        this.bytes = bytes;
    }

    /** A copy of {@code bytes}. */
    public static Payload of(byte[] bytes) {
        return new Payload(bytes.clone());
    }

    /** A copy of {@code length} bytes of {@code bytes} from {@code offset}. */
    public static Payload of(byte[] bytes, int offset, int length) {
        return new Payload(Arrays.copyOfRange(bytes, offset, Math.addExact(offset, length)));
    }

    public int length() {
        return bytes.length;
    }

    /** A fresh array, which the caller may keep and change. */
    public byte[] toArray() {
        return bytes.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Payload that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        int shown = Math.min(bytes.length, 32);
        return bytes.length + " bytes: " + HexFormat.of().formatHex(bytes, 0, shown)
                + (shown < bytes.length ? "…" : "");
    }
}
