// SPDX-License-Identifier: Apache-2.0
package upstreamreset.diagnose;

import java.time.Duration;

/** All observations of a Pod, and the conclusion. */
public record Diagnosis(
        Look look,
        Question question,
        SidecarLog log,
        PastSidecar past,
        ThroughSidecar through,
        Conclusion conclusion,
        Duration took) {}
