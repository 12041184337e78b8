// SPDX-License-Identifier: Apache-2.0
package upstreamreset.server;

/**
 * Decides when to return heap to the system after a load peak: the serial collector shrinks the heap only at full
 * collections, in steps, and an idle app has none. It waits for a quiet moment, because a collection stops all streams
 * for some 20 ms.
 */
final class HeapReturn {
    /** As many streams may be late by it. */
    static final int MAX_CONNECTIONS = 100;

    static final long LARGE_HEAP = 16L << 20;

    /** HotSpot needs four to shrink as far as it may. */
    static final int MAX_COLLECTIONS = 6;

    private static final int CALM = 5;

    private int calm;
    private int collections;

    /** Is asked each second; whether to collect now. */
    boolean isDue(int connections, long requestBytes, long heap) {
        if (connections > MAX_CONNECTIONS || requestBytes > 0) {
            calm = 0;
            collections = 0;
            return false;
        }
        calm++;
        boolean due = calm >= CALM && heap > LARGE_HEAP && collections < MAX_COLLECTIONS;
        collections += due ? 1 : 0;
        return due;
    }
}
