// SPDX-License-Identifier: Apache-2.0
/** Asks live servers over a raw socket and judges what they answer, byte for byte. */
@NullMarked
package upstreamreset.probe;

import org.jspecify.annotations.NullMarked;
