// SPDX-License-Identifier: Apache-2.0
/** Compares the model of Envoy's codec with real Envoys: sends the same generated responses through both. */
@NullMarked
package upstreamreset.differential;

import org.jspecify.annotations.NullMarked;
