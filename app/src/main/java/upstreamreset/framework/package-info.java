// SPDX-License-Identifier: Apache-2.0
/** Recognises the web framework of a response and recommends changes: recipes, each proven by the gallery. */
@NullMarked
package upstreamreset.framework;

import org.jspecify.annotations.NullMarked;
