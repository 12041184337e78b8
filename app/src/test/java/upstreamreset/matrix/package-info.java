// SPDX-License-Identifier: Apache-2.0
@NullMarked
package upstreamreset.matrix;

import org.jspecify.annotations.NullMarked;
