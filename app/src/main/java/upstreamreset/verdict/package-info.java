// SPDX-License-Identifier: Apache-2.0
/** What a response comes to behind Envoy: findings with cause and fix, and the verdict, observed or modelled. */
@NullMarked
package upstreamreset.verdict;

import org.jspecify.annotations.NullMarked;
