// SPDX-License-Identifier: Apache-2.0
package upstreamreset.leader.simulation;

import java.time.Duration;
import upstreamreset.leader.Term;

/**
 * One term's work, from its first tick to its last.
 *
 * @param began when the work began to run
 * @param returned when it had returned, was killed, or the simulation ended
 */
public record Reign(
        String candidate, Term term, Duration began, Duration returned, Duration first, Duration last, int ticks) {
    /** Whether both did work before the other had done its last. */
    boolean overlaps(Reign other) {
        return first.compareTo(other.last) < 0 && other.first.compareTo(last) < 0;
    }
}
