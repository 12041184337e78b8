// SPDX-License-Identifier: Apache-2.0
/**
 * The outcome of a response that passes through Envoy: findings with cause and fix, and the verdict, observed or
 * modelled.
 */
@NullMarked
package upstreamreset.verdict;

import org.jspecify.annotations.NullMarked;
