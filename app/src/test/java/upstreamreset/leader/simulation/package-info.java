// SPDX-License-Identifier: Apache-2.0
/** The election under thousands of random schedules. */
@NullMarked
package upstreamreset.leader.simulation;

import org.jspecify.annotations.NullMarked;
