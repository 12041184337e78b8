// SPDX-License-Identifier: Apache-2.0
/**
 * Runs the scenarios against versions of Envoy, other proxies, and clients connected directly to the app, and compares
 * their reactions.
 */
@NullMarked
package upstreamreset.matrix;

import org.jspecify.annotations.NullMarked;
