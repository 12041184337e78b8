// SPDX-License-Identifier: Apache-2.0
/** Puts app, wire tap, Envoy and request together for one scenario, and says what came of it. */
@NullMarked
package upstreamreset.lab;

import org.jspecify.annotations.NullMarked;
