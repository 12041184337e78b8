// SPDX-License-Identifier: Apache-2.0
@NullMarked
package upstreamreset.output;

import org.jspecify.annotations.NullMarked;
