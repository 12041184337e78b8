// SPDX-License-Identifier: Apache-2.0
@NullMarked
package upstreamreset.tcp;

import org.jspecify.annotations.NullMarked;
