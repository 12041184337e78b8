// SPDX-License-Identifier: Apache-2.0
/**
 * Recognises pieces of text that are not log lines and indicate a failed exchange: a reply, a flag, an error of a
 * client.
 */
@NullMarked
package upstreamreset.scrap;

import org.jspecify.annotations.NullMarked;
