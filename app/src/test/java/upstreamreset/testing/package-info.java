// SPDX-License-Identifier: Apache-2.0
/** What the tests share: the real parts, and how a test says that one is missing. */
@NullMarked
package upstreamreset.testing;

import org.jspecify.annotations.NullMarked;
