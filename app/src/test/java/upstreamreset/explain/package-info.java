// SPDX-License-Identifier: Apache-2.0
@NullMarked
package upstreamreset.explain;

import org.jspecify.annotations.NullMarked;
