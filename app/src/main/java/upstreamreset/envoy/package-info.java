// SPDX-License-Identifier: Apache-2.0
/** A real Envoy on this machine: configured as istiod configures a sidecar, started, read and never orphaned. */
@NullMarked
package upstreamreset.envoy;

import org.jspecify.annotations.NullMarked;
