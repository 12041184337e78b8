// SPDX-License-Identifier: Apache-2.0
package upstreamreset.election;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A term as one candidate saw it on the Lease, with the times that its holder wrote.
 *
 * @param holder the holder's hostname
 * @param number the Lease's count of acquisitions
 * @param until its release, or its last renewal if another took over; empty while it runs
 * @param gap from the end of the previous term, if that was seen
 */
public record SeenTerm(String holder, int number, Instant from, Optional<Instant> until, Optional<Duration> gap) {
    SeenTerm endedAt(Instant end) {
        return new SeenTerm(holder, number, from, Optional.of(end), gap);
    }
}
