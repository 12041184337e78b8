// SPDX-License-Identifier: Apache-2.0
package upstreamreset.inspect;

import java.util.Arrays;

/** A response that looks clean so far; it keeps the bytes, so that they can be read from the beginning. */
final class CleanScan implements ResponseTrack.State {
    private static final byte[] NONE = {};
    private static final int MAX_KEPT = 1 << 13;

    /** How often a head that comes in pieces is looked at from its beginning. */
    private static final int MAX_LOOKS = 16;

    private final SpareBuffers buffers;
    private final CleanResponseScan scan = new CleanResponseScan();
    private byte[] kept = NONE;
    private int length;
    private int looks;
    private boolean complete;

    CleanScan(SpareBuffers buffers) {
        this.buffers = buffers;
    }

    /** Whether it looks clean with the next bytes too; if not, they are not taken. */
    boolean take(byte[] bytes, int from, int to) {
        if (length + to - from > MAX_KEPT || (!scan.inBody() && ++looks > MAX_LOOKS)) {
            return false;
        }
        if (length == 0) {
            if (!clean(bytes, from, to)) {
                return false;
            }
            keep(bytes, from, to);
            return true;
        }
        keep(bytes, from, to);
        if (!clean(kept, 0, length)) {
            length -= to - from;
            return false;
        }
        return true;
    }

    private boolean clean(byte[] bytes, int from, int to) {
        int whole = scan.length(bytes, from, to);
        complete = whole == to - from;
        return complete || whole == CleanResponseScan.MORE;
    }

    private void keep(byte[] bytes, int from, int to) {
        int more = to - from;
        if (length + more > kept.length) {
            kept = length == 0 && more <= SpareBuffers.SIZE
                    ? buffers.take()
                    : Arrays.copyOf(kept, Math.min(MAX_KEPT, 2 * (length + more)));
        }
        System.arraycopy(bytes, from, kept, length, more);
        length += more;
    }

    /** Whether it is whole, so that there is nothing to judge. */
    @Override
    public boolean complete() {
        return complete;
    }

    @Override
    public boolean differs(byte[] bytes, int from, int length, long at) {
        return ReadResponse.differ(kept, this.length, bytes, from, length, at);
    }

    @Override
    public boolean headAlone() {
        return !complete && length > 0 && length == scan.headLength();
    }

    /** Has it read from its first byte on. */
    void replay(ReadResponse into) {
        if (length > 0) {
            into.feed(kept, 0, length);
        }
        release();
    }

    /** Its bytes are not needed any more. */
    void release() {
        buffers.give(kept);
        kept = NONE;
        length = 0;
    }

    @Override
    public long held() {
        return kept.length;
    }
}
