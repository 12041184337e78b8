// SPDX-License-Identifier: Apache-2.0
/** Tests of framing and of the model of Envoy's codec. */
@NullMarked
package upstreamreset.framing;

import org.jspecify.annotations.NullMarked;
