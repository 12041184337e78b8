// SPDX-License-Identifier: Apache-2.0
/** The same elector on a simulated API server and clock: any number of candidates, any fault, repeatable by seed. */
@NullMarked
package upstreamreset.election.simulation;

import org.jspecify.annotations.NullMarked;
