// SPDX-License-Identifier: Apache-2.0
/**
 * Runs a real Envoy on this machine: configures it as istiod configures a sidecar, starts it, reads its output, and
 * never orphans it.
 */
@NullMarked
package upstreamreset.envoy;

import org.jspecify.annotations.NullMarked;
