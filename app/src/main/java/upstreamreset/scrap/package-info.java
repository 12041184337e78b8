// SPDX-License-Identifier: Apache-2.0
/** Recognizes pieces of text that are no log lines and tell of a failed exchange: a reply, a flag, an error of a client. */
@NullMarked
package upstreamreset.scrap;

import org.jspecify.annotations.NullMarked;
