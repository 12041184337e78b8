// SPDX-License-Identifier: Apache-2.0
/** Explains the lines of one request together: which proxy made the error, why, and which command to run next. */
@NullMarked
package upstreamreset.explain;

import org.jspecify.annotations.NullMarked;
