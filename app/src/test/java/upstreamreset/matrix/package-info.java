// SPDX-License-Identifier: Apache-2.0
/** The matrix against the real proxies and clients. */
@NullMarked
package upstreamreset.matrix;

import org.jspecify.annotations.NullMarked;
