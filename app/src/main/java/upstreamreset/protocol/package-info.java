// SPDX-License-Identifier: Apache-2.0
/** Recognises the protocol of a connection by the first bytes of both directions. */
@NullMarked
package upstreamreset.protocol;

import org.jspecify.annotations.NullMarked;
