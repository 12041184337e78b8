// SPDX-License-Identifier: Apache-2.0
@NullMarked
package upstreamreset.process;

import org.jspecify.annotations.NullMarked;
