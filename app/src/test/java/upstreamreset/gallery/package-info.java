// SPDX-License-Identifier: Apache-2.0
/** Real servers with real frameworks: what they put on the wire, and what a real Envoy makes of it. */
@NullMarked
package upstreamreset.gallery;

import org.jspecify.annotations.NullMarked;
