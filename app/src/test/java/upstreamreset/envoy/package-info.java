// SPDX-License-Identifier: Apache-2.0
@NullMarked
package upstreamreset.envoy;

import org.jspecify.annotations.NullMarked;
