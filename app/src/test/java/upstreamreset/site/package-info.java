// SPDX-License-Identifier: Apache-2.0
@NullMarked
package upstreamreset.site;

import org.jspecify.annotations.NullMarked;
