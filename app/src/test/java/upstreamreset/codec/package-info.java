// SPDX-License-Identifier: Apache-2.0
@NullMarked
package upstreamreset.codec;

import org.jspecify.annotations.NullMarked;
