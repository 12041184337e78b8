// SPDX-License-Identifier: Apache-2.0
/** Envoy's access log and its {@code client} logger: from the bytes of a log to entries, and the words that Envoy uses in both. */
@NullMarked
package upstreamreset.accesslog;

import org.jspecify.annotations.NullMarked;
