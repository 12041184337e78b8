// SPDX-License-Identifier: Apache-2.0
/** The model of Envoy's HTTP/1 client codec: what Envoy would do with the same bytes. */
@NullMarked
package upstreamreset.codec;

import org.jspecify.annotations.NullMarked;
