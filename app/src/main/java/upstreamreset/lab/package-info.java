// SPDX-License-Identifier: Apache-2.0
/** Runs app, wire tap, Envoy and request together for one scenario, and reports the result. */
@NullMarked
package upstreamreset.lab;

import org.jspecify.annotations.NullMarked;
