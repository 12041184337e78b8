// SPDX-License-Identifier: Apache-2.0
package upstreamreset.election.simulation;

import java.time.Duration;

/** A fault and when it begins. */
record Step(Duration at, Fault fault) {
    /** When it is over. */
    Duration end() {
        return at.plus(fault.lasting());
    }
}
