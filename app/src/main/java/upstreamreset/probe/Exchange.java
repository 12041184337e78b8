// SPDX-License-Identifier: Apache-2.0
package upstreamreset.probe;

import java.time.Duration;
import upstreamreset.http1.FramingReport;
import upstreamreset.verdict.Verdict;
import upstreamreset.wire.Bytes;

/**
 * One request and what came for it.
 *
 * @param received the bytes as they came, what follows the response included; the first {@link Limits#KEPT} of them
 * @param total how many came
 * @param verdict the codec model's
 * @param endless whether it was still coming when the time or the bytes were up
 */
public record Exchange(
        FramingReport response, Bytes received, long total, Verdict verdict, Duration took, boolean endless) {}
