// SPDX-License-Identifier: Apache-2.0
/** What passed on a TCP connection, as events, and its way into and out of capture files. */
@NullMarked
package upstreamreset.capture;

import org.jspecify.annotations.NullMarked;
