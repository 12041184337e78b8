// SPDX-License-Identifier: Apache-2.0
package upstreamreset.election.kubernetes;

import java.net.URI;
import org.slf4j.LoggerFactory;
import upstreamreset.election.Candidacy;
import upstreamreset.election.ElectionOptions;

/**
 * The settings of a candidate, checked before it connects.
 *
 * @param options their namespace counts only if {@code namespaceGiven}; otherwise the client's configuration may have
 *     one
 * @param service the Service that the leader points to itself
 * @param inPod whether there is a Pod to label
 * @param mesh where the leader requests {@code /correct} and {@code /wrong}
 */
public record CandidateSetup(ElectionOptions options, boolean namespaceGiven, String service, boolean inPod, URI mesh) {
    /** Competes from now on; {@link Candidacy#NONE} where that cannot even begin, which is logged. */
    public Candidacy start() {
        try {
            return KubernetesElection.start(this);
        } catch (RuntimeException e) {
            LoggerFactory.getLogger(CandidateSetup.class).error("No election, only serving: {}", e.toString());
            return Candidacy.NONE;
        }
    }
}
