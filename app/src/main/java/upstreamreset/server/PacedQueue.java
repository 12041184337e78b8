// SPDX-License-Identifier: Apache-2.0
package upstreamreset.server;

import java.util.LinkedHashSet;
import java.util.SequencedSet;
import java.util.function.IntUnaryOperator;
import org.xnio.XnioExecutor;

/**
 * Runs the tasks of one IO thread in portions, one portion a millisecond, the oldest tasks first: between two portions the thread's
 * timers and connections have their turns. Belongs to that thread.
 */
final class PacedQueue {
    private final SequencedSet<Runnable> waiting = new LinkedHashSet<>();
    private final IntUnaryOperator portion;
    private int left;
    private boolean ticking;

    /** @param portion how many tasks may run in the next millisecond, if so many wait */
    PacedQueue(IntUnaryOperator portion) {
        this.portion = portion;
    }

    /** Runs {@code task} on this thread: at once, or when it is its turn; one that waits already keeps its place. */
    void run(XnioExecutor thread, Runnable task) {
        if (!ticking) {
            ticking = true;
            left = portion.applyAsInt(0);
            later(thread);
        }
        waiting.add(task);
        runPortion();
    }

    /** Whatever is over takes no memory, and no turn from the others. */
    void forget(Runnable task) {
        waiting.remove(task);
    }

    private void runPortion() {
        while (left > 0 && !waiting.isEmpty()) {
            left--;
            waiting.removeFirst().run();
        }
    }

    private void next(XnioExecutor thread) {
        if (waiting.isEmpty()) {
            ticking = false;
            return;
        }
        later(thread);
        left = portion.applyAsInt(waiting.size());
        runPortion();
    }

    private void later(XnioExecutor thread) {
        Timers.later(thread, () -> next(thread), Turn.PAUSE_MILLIS);
    }
}
