// SPDX-License-Identifier: Apache-2.0
/** Joins what the other packages know into findings: which bytes break which rule, who writes such code, what to change. */
@NullMarked
package upstreamreset.diagnosis;

import org.jspecify.annotations.NullMarked;
