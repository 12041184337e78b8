// SPDX-License-Identifier: Apache-2.0
/** The election's rules, one by one. */
@NullMarked
package upstreamreset.leader;

import org.jspecify.annotations.NullMarked;
