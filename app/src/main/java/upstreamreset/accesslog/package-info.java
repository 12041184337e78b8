// SPDX-License-Identifier: Apache-2.0
/**
 * Envoy's access log and its {@code client} logger: parses the bytes of a log into entries, and holds the words that
 * Envoy uses in both.
 */
@NullMarked
package upstreamreset.accesslog;

import org.jspecify.annotations.NullMarked;
