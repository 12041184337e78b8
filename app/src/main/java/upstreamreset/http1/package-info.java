// SPDX-License-Identifier: Apache-2.0
/** Reads HTTP/1.1 messages (RFC 9112) from raw bytes: the position of each part, and the rules that it violates. */
@NullMarked
package upstreamreset.http1;

import org.jspecify.annotations.NullMarked;
