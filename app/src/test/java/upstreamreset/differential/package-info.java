// SPDX-License-Identifier: Apache-2.0
/** Holds the model of Envoy's codec to real Envoys: the same generated responses through both. */
@NullMarked
package upstreamreset.differential;

import org.jspecify.annotations.NullMarked;
