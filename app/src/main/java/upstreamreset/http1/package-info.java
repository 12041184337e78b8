// SPDX-License-Identifier: Apache-2.0
/** Reads HTTP/1.1 messages (RFC 9112) from raw bytes: where each part stands, and which rules it violates. */
@NullMarked
package upstreamreset.http1;

import org.jspecify.annotations.NullMarked;
