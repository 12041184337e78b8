// SPDX-License-Identifier: Apache-2.0
/** Bytes as values, and the only way from bytes and foreign text to a terminal, a page, XML or JSON. */
@NullMarked
package upstreamreset.wire;

import org.jspecify.annotations.NullMarked;
