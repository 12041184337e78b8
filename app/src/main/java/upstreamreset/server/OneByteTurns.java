// SPDX-License-Identifier: Apache-2.0
package upstreamreset.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.XnioExecutor;

/**
 * Gives the scripts of one IO thread that write each byte for itself their turns, one script a millisecond: what they cost together
 * does not grow with their number.
 */
final class OneByteTurns {
    /** Calls of the kernel in one turn. */
    static final int MAX_WRITES = 64;

    private static final Logger LOG = LoggerFactory.getLogger(OneByteTurns.class);
    private static final long PERIOD_MILLIS = 1;
    private static final ThreadLocal<OneByteTurns> OF_THREAD = ThreadLocal.withInitial(OneByteTurns::new);

    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private boolean ticking;

    /** Takes bytes, or none while it is full. */
    interface Sink {
        int write(ByteBuffer bytes) throws IOException;
    }

    /** Those of the current IO thread. */
    static OneByteTurns ofThread() {
        return OF_THREAD.get();
    }

    /** Runs {@code turn} on this thread when it is the first of those that wait. */
    void await(XnioExecutor thread, Runnable turn) {
        waiting.add(turn);
        if (!ticking) {
            ticking = true;
            nextLater(thread);
        }
    }

    /** Writes the bytes of one turn, each for itself; returns whether the sink is full. */
    static boolean write(ByteBuffer bytes, Sink sink) throws IOException {
        for (int i = 0; i < MAX_WRITES && bytes.hasRemaining(); i++) {
            if (sink.write(bytes.slice(bytes.position(), 1)) == 0) {
                return true;
            }
            bytes.position(bytes.position() + 1);
        }
        return false;
    }

    private void nextLater(XnioExecutor thread) {
        try {
            var _ = thread.executeAfter(() -> next(thread), PERIOD_MILLIS, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("The server is closing", e);
        }
    }

    private void next(XnioExecutor thread) {
        var turn = waiting.poll();
        if (turn == null) {
            ticking = false;
            return;
        }
        turn.run();
        nextLater(thread);
    }
}
