// SPDX-License-Identifier: Apache-2.0
/** The app in the Pod: an asynchronous HTTP/1.1 server on Undertow. */
@NullMarked
package upstreamreset.server;

import org.jspecify.annotations.NullMarked;
