// SPDX-License-Identifier: Apache-2.0
/** Runs the scenarios against versions of Envoy, other proxies, and clients straight at the app, and compares their reactions. */
@NullMarked
package upstreamreset.matrix;

import org.jspecify.annotations.NullMarked;
