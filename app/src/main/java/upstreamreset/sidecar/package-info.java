// SPDX-License-Identifier: Apache-2.0
/** A real sidecar in front of somebody's own app: each request as Envoy logs it, and what is wrong with its response. */
@NullMarked
package upstreamreset.sidecar;

import org.jspecify.annotations.NullMarked;
