// SPDX-License-Identifier: Apache-2.0
package upstreamreset.diagnose;

import java.time.Duration;
import java.util.Optional;

/**
 * All observations of a Pod, and the conclusion.
 *
 * @param log the requests that its sidecar or its waypoint logged
 * @param ambient the connections that ztunnel logged; empty if the Pod is not in ambient mode and is no ztunnel
 */
public record Diagnosis(
        Look look,
        Question question,
        SidecarLog log,
        Optional<AmbientLog> ambient,
        PastSidecar past,
        ThroughSidecar through,
        Conclusion conclusion,
        Duration took) {
    Diagnosis with(Conclusion other) {
        return new Diagnosis(look, question, log, ambient, past, through, other, took);
    }

    /** Says what did not reach the Pod by the API server's Pod proxy; empty if all did, or the Pod was not asked by it. */
    String withheld() {
        return through instanceof ThroughSidecar.NotAsked ? "" : PodProxy.sentence(question.withheld());
    }
}
