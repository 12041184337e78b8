// SPDX-License-Identifier: Apache-2.0
/** Which web framework a response shows, and what to change in it: recipes, each proven by the gallery. */
@NullMarked
package upstreamreset.framework;

import org.jspecify.annotations.NullMarked;
