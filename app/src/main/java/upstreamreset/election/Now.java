// SPDX-License-Identifier: Apache-2.0
package upstreamreset.election;

import java.time.Instant;

/**
 * Now, on both clocks of this machine: only the monotonic {@code nanos} judge who may lead; the wall clock is written into
 * records for people to read.
 */
public record Now(long nanos, Instant wall) {}
