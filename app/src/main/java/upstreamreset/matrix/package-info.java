// SPDX-License-Identifier: Apache-2.0
/** The scenarios put to other HTTP implementations: versions of Envoy, other proxies, and clients straight at the app. */
@NullMarked
package upstreamreset.matrix;

import org.jspecify.annotations.NullMarked;
