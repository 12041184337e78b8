// SPDX-License-Identifier: Apache-2.0
@NullMarked
package upstreamreset.probe;

import org.jspecify.annotations.NullMarked;
