// SPDX-License-Identifier: Apache-2.0
/** Who takes which of the catalogue's responses: Envoy's versions, other proxies, and clients straight at the app. */
@NullMarked
package upstreamreset.matrix;

import org.jspecify.annotations.NullMarked;
