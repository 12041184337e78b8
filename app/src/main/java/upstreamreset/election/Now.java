// SPDX-License-Identifier: Apache-2.0
package upstreamreset.election;

import java.time.Instant;

/**
 * The current time on both clocks of this machine: only the monotonic {@code nanos} decides who may lead; the
 * wall-clock time goes into records for people.
 */
public record Now(long nanos, Instant wall) {}
