// SPDX-License-Identifier: Apache-2.0
/** The building blocks of all HTML pages: escaped markup, a file without a network, bytes, log lines, pictures. */
@NullMarked
package upstreamreset.page;

import org.jspecify.annotations.NullMarked;
