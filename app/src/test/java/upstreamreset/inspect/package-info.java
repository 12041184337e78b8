// SPDX-License-Identifier: Apache-2.0
@NullMarked
package upstreamreset.inspect;

import org.jspecify.annotations.NullMarked;
