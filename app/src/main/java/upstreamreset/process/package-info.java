// SPDX-License-Identifier: Apache-2.0
/** Children that do not outlive us, and the folders that they work in. */
@NullMarked
package upstreamreset.process;

import org.jspecify.annotations.NullMarked;
