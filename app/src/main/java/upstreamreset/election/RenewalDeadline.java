// SPDX-License-Identifier: Apache-2.0
package upstreamreset.election;

import java.time.Duration;

/**
 * Decides how long a leader's task may run, counted from the <em>sending</em> of the last acknowledged write, and how
 * much of that time one call may take. All times are in nanoseconds on the monotonic clock.
 */
final class RenewalDeadline {
    private final long nanos;
    private final long retryNanos;
    private long renewedAt;

    RenewalDeadline(long nanos, long retryNanos) {
        this.nanos = nanos;
        this.retryNanos = retryNanos;
    }

    /** A write that was sent at this time is acknowledged. */
    void renewed(long sentAt) {
        renewedAt = sentAt;
    }

    /** When the last acknowledged write was sent. */
    long renewedAt() {
        return renewedAt;
    }

    long at() {
        return renewedAt + nanos;
    }

    long left(long now) {
        return nanos - (now - renewedAt);
    }

    boolean passed(long now) {
        return left(now) <= 0;
    }

    /** Of a holder's call: shorter than what is left, so that one that hangs leaves time for a second one. */
    Duration callTimeout(long now) {
        long left = left(now);
        return Duration.ofNanos(Math.max(Math.min(Math.max(left / 2, nanos / 4), left), retryNanos / 4));
    }

    /** Of a call of one that holds nothing. */
    Duration callTimeout() {
        return Duration.ofNanos(nanos / 2);
    }
}
