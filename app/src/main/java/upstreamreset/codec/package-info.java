// SPDX-License-Identifier: Apache-2.0
/** The model of Envoy's HTTP/1 client codec: predicts what Envoy does with the bytes of a response. */
@NullMarked
package upstreamreset.codec;

import org.jspecify.annotations.NullMarked;
