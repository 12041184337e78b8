// SPDX-License-Identifier: Apache-2.0
package upstreamreset.http1;

import java.util.Arrays;

/** Joins lines, which end in LF (RFC 9112 §2.2), from segments, up to a limit. */
final class LineCollector {
    private static final byte[] NONE = {};
    private static final int FIRST_ROOM = 256;

    private byte[] buffer = NONE;
    private int length;
    private long offset;

    /** Takes bytes up to and with the next LF, and returns how many; {@link #complete} tells if the line is whole. */
    int take(byte[] source, int from, int to, long at, int limit) {
        if (length == 0) {
            offset = at;
        }
        int stop = Math.min(to, from + Math.max(0, limit - length));
        int i = from;
        while (i < stop && source[i] != '\n') {
            i++;
        }
        int taken = (i < stop ? i + 1 : stop) - from;
        if (buffer.length < length + taken) {
            int room = Math.max(FIRST_ROOM, 2 * buffer.length);
            buffer = Arrays.copyOf(buffer, Math.max(length + taken, Math.min(limit, room)));
        }
        System.arraycopy(source, from, buffer, length, taken);
        length += taken;
        return taken;
    }

    boolean complete() {
        return length > 0 && buffer[length - 1] == '\n';
    }

    /** The line's bytes: the first {@link #length} count. Valid until the next call of {@link #take}. */
    byte[] bytes() {
        return buffer;
    }

    int length() {
        return length;
    }

    /** The position of the line in the stream. */
    long offset() {
        return offset;
    }

    /** The length without CR LF or LF. */
    int contentLength() {
        if (!complete()) {
            return length;
        }
        return length > 1 && buffer[length - 2] == '\r' ? length - 2 : length - 1;
    }

    void clear() {
        length = 0;
    }
}
