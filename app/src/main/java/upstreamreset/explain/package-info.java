// SPDX-License-Identifier: Apache-2.0
/** What the lines of one request say together: which proxy made the error, why, and what to run next. */
@NullMarked
package upstreamreset.explain;

import org.jspecify.annotations.NullMarked;
