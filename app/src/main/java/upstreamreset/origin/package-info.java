// SPDX-License-Identifier: Apache-2.0
/** An app that answers with exact bytes: plays a wire script on a socket. */
@NullMarked
package upstreamreset.origin;

import org.jspecify.annotations.NullMarked;
