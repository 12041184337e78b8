// SPDX-License-Identifier: Apache-2.0
/** The catalogue of upstream faults as data: what goes on the wire, which rule it breaks, and what a real Envoy does. */
@NullMarked
package upstreamreset.scenario;

import org.jspecify.annotations.NullMarked;
