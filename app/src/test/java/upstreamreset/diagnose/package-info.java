// SPDX-License-Identifier: Apache-2.0
@NullMarked
package upstreamreset.diagnose;

import org.jspecify.annotations.NullMarked;
