// SPDX-License-Identifier: Apache-2.0
/** Bytes from the wire as values, and as text that can do no harm: what every package that touches the wire speaks in. */
@NullMarked
package upstreamreset.wire;

import org.jspecify.annotations.NullMarked;
