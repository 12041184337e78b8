// SPDX-License-Identifier: Apache-2.0
/** HTTP/1.1 messages (RFC 9112) over raw bytes: what stands where, and which rules it breaks. */
@NullMarked
package upstreamreset.http1;

import org.jspecify.annotations.NullMarked;
