// SPDX-License-Identifier: Apache-2.0
package upstreamreset.server;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The estimated memory of requests and responses over all connections, which never exceeds its maximum. Requests leave
 * an eighth of it to responses, so that the app still answers probes when requests hold all the memory that they may.
 */
final class MemoryBudget {
    private final long max;
    private final AtomicLong taken = new AtomicLong();

    MemoryBudget(long max) {
        this.max = max;
    }

    /** Takes this many bytes more for a request; false, and takes none, where there are not so many left. */
    boolean take(long bytes) {
        return takeUpTo(max - max / 8, bytes);
    }

    /** The same for an answer. */
    boolean takeForAnswer(long bytes) {
        return takeUpTo(max, bytes);
    }

    private boolean takeUpTo(long bound, long bytes) {
        // Who takes nothing more is not refused because of what others have.
        if (bytes == 0 || taken.addAndGet(bytes) <= bound) {
            return true;
        }
        taken.addAndGet(-bytes);
        return false;
    }

    void giveBack(long bytes) {
        taken.addAndGet(-bytes);
    }

    long taken() {
        return taken.get();
    }
}
