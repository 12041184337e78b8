// SPDX-License-Identifier: Apache-2.0
package upstreamreset.election.simulation;

import java.time.Duration;
import upstreamreset.election.Term;

/**
 * One term's task, from its first tick to its last.
 *
 * @param began when the task began
 * @param returned when it had returned, was killed, or the simulation ended
 */
record LeadershipSpan(
        String candidate, Term term, Duration began, Duration returned, Duration first, Duration last, int ticks) {
    /** Whether each ticked before the last tick of the other. */
    boolean overlaps(LeadershipSpan other) {
        return first.compareTo(other.last) < 0 && other.first.compareTo(last) < 0;
    }
}
