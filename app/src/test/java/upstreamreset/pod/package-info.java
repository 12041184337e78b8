// SPDX-License-Identifier: Apache-2.0
@NullMarked
package upstreamreset.pod;

import org.jspecify.annotations.NullMarked;
