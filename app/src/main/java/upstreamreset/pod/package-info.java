// SPDX-License-Identifier: Apache-2.0
/**
 * Finds the Pods that a TARGET selects and their sidecars, and connects to both: port-forward without a local port,
 * logs, Envoy's admin.
 */
@NullMarked
package upstreamreset.pod;

import org.jspecify.annotations.NullMarked;
