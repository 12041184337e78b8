// SPDX-License-Identifier: Apache-2.0
@NullMarked
package upstreamreset.http1;

import org.jspecify.annotations.NullMarked;
