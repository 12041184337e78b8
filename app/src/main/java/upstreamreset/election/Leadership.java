// SPDX-License-Identifier: Apache-2.0
package upstreamreset.election;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * The right to run the leader's task during one term. It ends by itself at the renewal deadline, even if every other thread
 * is asleep, because {@link #holds} reads the clock. Any thread may ask.
 */
public final class Leadership {
    private final Term term;
    private final LongSupplier clock;
    private final AtomicLong until;
    private volatile boolean revoked;

    public Leadership(Term term, LongSupplier clock, long until) {
        this.term = term;
        this.clock = clock;
        this.until = new AtomicLong(until);
    }

    public Term term() {
        return term;
    }

    /** Whether the task may go on, now. */
    public boolean holds() {
        return remainingNanos() > 0;
    }

    /** How long it holds if no renewal succeeds; 0 or less when it has ended. */
    public long remainingNanos() {
        return revoked ? 0 : until.get() - clock.getAsLong();
    }

    /** A renewal succeeded. What has ended does not begin again. */
    public void extend(long newUntil) {
        until.accumulateAndGet(newUntil, (old, next) -> old - clock.getAsLong() <= 0 || next - old < 0 ? old : next);
    }

    public void revoke() {
        revoked = true;
    }
}
