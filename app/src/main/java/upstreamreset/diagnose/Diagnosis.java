// SPDX-License-Identifier: Apache-2.0
package upstreamreset.diagnose;

import java.time.Duration;

/** All that was seen of a Pod, and what it comes to. */
public record Diagnosis(
        Look look,
        Question question,
        SidecarLog log,
        PastSidecar past,
        ThroughSidecar through,
        Conclusion conclusion,
        Duration took) {}
