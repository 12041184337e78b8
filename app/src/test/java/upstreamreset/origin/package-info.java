// SPDX-License-Identifier: Apache-2.0
@NullMarked
package upstreamreset.origin;

import org.jspecify.annotations.NullMarked;
