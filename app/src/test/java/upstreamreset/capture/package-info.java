// SPDX-License-Identifier: Apache-2.0
@NullMarked
package upstreamreset.capture;

import org.jspecify.annotations.NullMarked;
