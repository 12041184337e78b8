// SPDX-License-Identifier: Apache-2.0
@NullMarked
package upstreamreset.verdict;

import org.jspecify.annotations.NullMarked;
