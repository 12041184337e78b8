// SPDX-License-Identifier: Apache-2.0
/** Finds the Pods that somebody means, the sidecar in them, and the ways to both: port-forward without a local port, logs, Envoy's admin. */
@NullMarked
package upstreamreset.pod;

import org.jspecify.annotations.NullMarked;
