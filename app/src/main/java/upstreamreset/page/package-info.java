// SPDX-License-Identifier: Apache-2.0
/** The pieces that every HTML page of ours is made of: escaped markup, a file without a network, bytes, log lines, pictures. */
@NullMarked
package upstreamreset.page;

import org.jspecify.annotations.NullMarked;
