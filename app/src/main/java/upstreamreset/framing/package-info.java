// SPDX-License-Identifier: Apache-2.0
/** HTTP/1.1 message framing (RFC 9112) over raw bytes, and what Envoy's codec would do with the same bytes. */
@NullMarked
package upstreamreset.framing;

import org.jspecify.annotations.NullMarked;
