// SPDX-License-Identifier: Apache-2.0
@NullMarked
package upstreamreset.page;

import org.jspecify.annotations.NullMarked;
