// SPDX-License-Identifier: Apache-2.0
/**
 * Puts a real sidecar in front of a user's own app, and reports each request as Envoy logs it and what is wrong with
 * its response.
 */
@NullMarked
package upstreamreset.sidecar;

import org.jspecify.annotations.NullMarked;
