// SPDX-License-Identifier: Apache-2.0
/**
 * The catalogue of upstream faults as data: the bytes on the wire, the rule that they break, and a real Envoy's
 * reaction.
 */
@NullMarked
package upstreamreset.scenario;

import org.jspecify.annotations.NullMarked;
