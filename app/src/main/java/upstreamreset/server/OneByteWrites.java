// SPDX-License-Identifier: Apache-2.0
package upstreamreset.server;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Bounds what the scripts cost that write each byte for itself: a few bytes of one script a millisecond and IO thread, however many
 * scripts there are.
 */
final class OneByteWrites {
    /** Calls of the kernel in one turn. */
    static final int MAX_IN_TURN = 64;

    private static final ThreadLocal<PacedQueue> TURNS = ThreadLocal.withInitial(() -> new PacedQueue(_ -> 1));

    /** Takes bytes, or none while it is full. */
    interface Sink {
        int write(ByteBuffer bytes) throws IOException;
    }

    private OneByteWrites() {}

    /** The turns on the current IO thread. */
    static PacedQueue turns() {
        return TURNS.get();
    }

    /** Writes the bytes of one turn, each for itself; returns whether the sink is full. */
    static boolean write(ByteBuffer bytes, Sink sink) throws IOException {
        for (int i = 0; i < MAX_IN_TURN && bytes.hasRemaining(); i++) {
            if (sink.write(bytes.slice(bytes.position(), 1)) == 0) {
                return true;
            }
            bytes.position(bytes.position() + 1);
        }
        return false;
    }
}
