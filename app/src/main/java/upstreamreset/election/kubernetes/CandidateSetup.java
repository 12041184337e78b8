// SPDX-License-Identifier: Apache-2.0
package upstreamreset.election.kubernetes;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.LoggerFactory;
import upstreamreset.election.Candidacy;
import upstreamreset.election.ElectionOptions;

/**
 * The settings of a candidate, checked before there is any connection.
 *
 * @param service the Service that the leader points at itself
 * @param hostname shown as the leader, and the value of the label {@code pod}
 * @param podUid empty outside a Pod: then there is no Pod to label, and the identity is random
 * @param namespace empty where the client's configuration knows it
 * @param mesh where the leader requests {@code /correct} and {@code /wrong}
 */
public record CandidateSetup(
        Duration leaseDuration,
        Duration renewalDeadline,
        Duration retryPeriod,
        String leaseName,
        String service,
        String hostname,
        Optional<String> podUid,
        Optional<String> namespace,
        URI mesh) {
    public CandidateSetup {
        var _ = new ElectionOptions(
                leaseDuration, renewalDeadline, retryPeriod, namespace.orElse("default"), leaseName, hostname + "_x");
    }

    /** Competes from now on; {@link Candidacy#NONE} where that cannot even begin, which is logged. */
    public Candidacy start() {
        try {
            return KubernetesElection.start(this);
        } catch (RuntimeException e) {
            LoggerFactory.getLogger(CandidateSetup.class).error("No election, only serving: {}", e.toString());
            return Candidacy.NONE;
        }
    }

    ElectionOptions options(String inNamespace) {
        var identity = hostname + "_" + podUid.orElseGet(() -> UUID.randomUUID().toString());
        return new ElectionOptions(leaseDuration, renewalDeadline, retryPeriod, inNamespace, leaseName, identity);
    }
}
