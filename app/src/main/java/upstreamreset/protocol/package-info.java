// SPDX-License-Identifier: Apache-2.0
/** Which protocol a connection carries, by the first bytes of both its directions. */
@NullMarked
package upstreamreset.protocol;

import org.jspecify.annotations.NullMarked;
