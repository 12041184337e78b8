// SPDX-License-Identifier: Apache-2.0
package upstreamreset.election;

import java.time.Duration;
import java.util.Optional;

/**
 * A snapshot of an election as one candidate sees it, for display.
 *
 * @param leading whether we lead
 * @param leader the holder's identity; empty if nobody holds the Lease or the holder is unknown
 * @param transitions the Lease's own count
 * @param renewedAt when the last successful renewal was sent, in nanoseconds on the monotonic clock; while the task
 *     runs
 * @param skew how far the holder's wall clock is ahead of ours; only if another leads
 * @param slowRenewals renewals that took more than one call
 */
public record ElectionStatus(
        boolean leading,
        String leader,
        int transitions,
        Optional<Long> renewedAt,
        Optional<Duration> skew,
        long slowRenewals) {
    /** Before an election, or without one. */
    public static final ElectionStatus NONE = new ElectionStatus(false, "", 0, Optional.empty(), Optional.empty(), 0);

    /** The leader's hostname; empty if there is no leader. */
    public String leaderHostname() {
        return ElectionOptions.hostname(leader);
    }

    /** How long ago the last successful renewal was sent, at {@code now} on the monotonic clock; while the task runs. */
    public Optional<Duration> sinceRenewal(long now) {
        return renewedAt.map(at -> Duration.ofNanos(now - at));
    }
}
