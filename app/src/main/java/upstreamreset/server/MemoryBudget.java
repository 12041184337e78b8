// SPDX-License-Identifier: Apache-2.0
package upstreamreset.server;

import java.util.concurrent.atomic.AtomicLong;

/** Memory that requests and answers hold, as an estimate, over all connections: never more than its maximum. */
final class MemoryBudget {
    private final long max;
    private final AtomicLong taken = new AtomicLong();

    MemoryBudget(long max) {
        this.max = max;
    }

    /** Takes this many bytes more; false, and takes none, where there are not so many left. */
    boolean take(long bytes) {
        if (taken.addAndGet(bytes) <= max) {
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
