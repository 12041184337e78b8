// SPDX-License-Identifier: Apache-2.0
package upstreamreset.codec;

import java.util.Arrays;

/** Collects the bytes of a header or trailer section from segments, with the end of each line. */
final class SectionBuffer {
    private byte[] bytes = new byte[512];
    private int length;
    private int[] lineEnds = new int[16];
    private int lines;

    void clear() {
        length = 0;
        lines = 0;
    }

    /** Adds the bytes [from, to) of a segment. */
    void append(byte[] segment, int from, int to) {
        int added = to - from;
        if (bytes.length < length + added) {
            bytes = Arrays.copyOf(bytes, Math.max(length + added, 2 * bytes.length));
        }
        System.arraycopy(segment, from, bytes, length, added);
        length += added;
    }

    /** Notes that one more line ends, with its LF, before {@code end}. */
    void endLine(int end) {
        if (lines == lineEnds.length) {
            lineEnds = Arrays.copyOf(lineEnds, 2 * lines);
        }
        lineEnds[lines++] = end;
    }

    /** The section's bytes; the first {@link #length} count. */
    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    int lines() {
        return lines;
    }

    /** The beginning of a line. */
    int begin(int line) {
        return line == 0 ? 0 : lineEnds[line - 1];
    }

    /** The end of a line, after its LF. */
    int end(int line) {
        return lineEnds[line];
    }

    /** About how much memory it takes, in bytes, with the places of the fields in its lines. */
    long held() {
        return bytes.length + 20L * lineEnds.length;
    }
}
