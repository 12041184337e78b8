// SPDX-License-Identifier: Apache-2.0
/** Sends requests to live servers over a raw socket and judges their responses, byte for byte. */
@NullMarked
package upstreamreset.probe;

import org.jspecify.annotations.NullMarked;
