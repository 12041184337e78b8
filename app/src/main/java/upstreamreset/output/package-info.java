// SPDX-License-Identifier: Apache-2.0
/** How results are written: JSON Lines, JSON trees, wrapped text, grouped digits, files. */
@NullMarked
package upstreamreset.output;

import org.jspecify.annotations.NullMarked;
