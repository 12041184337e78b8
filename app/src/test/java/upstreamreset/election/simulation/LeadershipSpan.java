// SPDX-License-Identifier: Apache-2.0
package upstreamreset.election.simulation;

import java.time.Duration;
import upstreamreset.election.Term;

/**
 * One term's work, from its first tick to its last.
 *
 * @param began when the work began to run
 * @param returned when it had returned, was killed, or the simulation ended
 */
public record LeadershipSpan(
        String candidate, Term term, Duration began, Duration returned, Duration first, Duration last, int ticks) {
    /** Whether both did work before the other had done its last. */
    boolean overlaps(LeadershipSpan other) {
        return first.compareTo(other.last) < 0 && other.first.compareTo(last) < 0;
    }
}
