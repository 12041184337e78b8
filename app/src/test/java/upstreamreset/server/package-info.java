// SPDX-License-Identifier: Apache-2.0
/** The app over real sockets. */
@NullMarked
package upstreamreset.server;

import org.jspecify.annotations.NullMarked;
