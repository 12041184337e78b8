// SPDX-License-Identifier: Apache-2.0
/** Tests of the recognition of frameworks and of their recipes. */
@NullMarked
package upstreamreset.framework;

import org.jspecify.annotations.NullMarked;
