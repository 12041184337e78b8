// SPDX-License-Identifier: Apache-2.0
/** Tests of the probe, against scripts and against real servers. */
@NullMarked
package upstreamreset.probe;

import org.jspecify.annotations.NullMarked;
