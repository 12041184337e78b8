// SPDX-License-Identifier: Apache-2.0
@NullMarked
package upstreamreset.election;

import org.jspecify.annotations.NullMarked;
