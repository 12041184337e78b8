// SPDX-License-Identifier: Apache-2.0
/** What the app's own pages show: the visitor's way, the catalogue as a browser can ask for it, and the last answers. */
@NullMarked
package upstreamreset.site;

import org.jspecify.annotations.NullMarked;
