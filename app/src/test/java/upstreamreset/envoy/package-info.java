// SPDX-License-Identifier: Apache-2.0
/** A real Envoy, held to what istiod would have configured and to not outliving us. */
@NullMarked
package upstreamreset.envoy;

import org.jspecify.annotations.NullMarked;
