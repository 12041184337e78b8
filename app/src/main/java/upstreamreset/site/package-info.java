// SPDX-License-Identifier: Apache-2.0
/**
 * The content of the app's own pages: the path of the visitor's request, the catalogue for browsers, and the last
 * responses.
 */
@NullMarked
package upstreamreset.site;

import org.jspecify.annotations.NullMarked;
