// SPDX-License-Identifier: Apache-2.0
@NullMarked
package upstreamreset.kubernetes;

import org.jspecify.annotations.NullMarked;
