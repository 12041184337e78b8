// SPDX-License-Identifier: Apache-2.0
package upstreamreset.election;

import java.time.Duration;
import java.util.Optional;

/**
 * An election as one candidate sees it.
 *
 * @param leading whether we lead
 * @param working whether our work runs, or has not stopped yet
 * @param leader the holder's identity, empty where nobody holds the Lease
 * @param transitions the Lease's own count
 * @param renewedAt when the last successful renewal was sent, on the monotonic clock; while working
 * @param skew how far ahead of ours the holder's wall clock is
 * @param slowRenewals renewals that took more than one call
 */
public record ElectionStatus(
        boolean leading,
        boolean working,
        String leader,
        int transitions,
        Optional<Long> renewedAt,
        Optional<Duration> skew,
        long slowRenewals) {}
