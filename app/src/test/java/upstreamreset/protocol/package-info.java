// SPDX-License-Identifier: Apache-2.0
@NullMarked
package upstreamreset.protocol;

import org.jspecify.annotations.NullMarked;
