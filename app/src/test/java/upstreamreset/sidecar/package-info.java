// SPDX-License-Identifier: Apache-2.0
@NullMarked
package upstreamreset.sidecar;

import org.jspecify.annotations.NullMarked;
