// SPDX-License-Identifier: Apache-2.0
@NullMarked
package upstreamreset.wire;

import org.jspecify.annotations.NullMarked;
