// SPDX-License-Identifier: Apache-2.0
package upstreamreset.election.simulation;

import java.time.Duration;

/** A fault and when it begins. */
public record Step(Duration at, Fault fault) {
    /** When it is over. */
    public Duration end() {
        return at.plus(fault.lasting());
    }
}
