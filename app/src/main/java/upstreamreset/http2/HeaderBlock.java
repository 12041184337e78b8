// SPDX-License-Identifier: Apache-2.0
package upstreamreset.http2;

import java.util.Arrays;

/**
 * The field block that a HEADERS or PUSH_PROMISE frame begins and CONTINUATION frames continue (RFC 9113 §4.3), within
 * bounds.
 */
final class HeaderBlock {
    /** Several times what Envoy takes. */
    static final int MAX_BYTES = 1 << 18;

    private static final int MAX_FRAGMENTS = 1 << 12;

    private byte[] bytes = new byte[256];
    private int length;
    private int[] starts = new int[2];
    private long[] offsets = new long[2];
    private int fragments;
    private boolean tooLarge;

    /** Adds a fragment; {@code offset} is where it begins in what its sender sent. */
    void add(byte[] source, int from, int to, long offset) {
        int added = to - from;
        if (added <= 0 || tooLarge) {
            return;
        }
        if (length + added > MAX_BYTES || fragments == MAX_FRAGMENTS) {
            tooLarge = true;
            return;
        }
        if (length + added > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(length + added, 2 * bytes.length));
        }
        if (fragments == starts.length) {
            starts = Arrays.copyOf(starts, 2 * fragments);
            offsets = Arrays.copyOf(offsets, 2 * fragments);
        }
        starts[fragments] = length;
        offsets[fragments++] = offset;
        System.arraycopy(source, from, bytes, length, added);
        length += added;
    }

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    /** Whether there was more than is kept. */
    boolean tooLarge() {
        return tooLarge;
    }

    /** The position of its byte {@code index} in its sender's bytes. */
    long offset(int index) {
        int fragment = fragments - 1;
        while (fragment > 0 && starts[fragment] > index) {
            fragment--;
        }
        return fragments == 0 ? 0 : offsets[fragment] + index - starts[fragment];
    }

    /** About how much memory it takes, in bytes. */
    long held() {
        return bytes.length + 12L * starts.length;
    }
}
