// SPDX-License-Identifier: Apache-2.0
package upstreamreset.election.kubernetes;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.slf4j.LoggerFactory;
import upstreamreset.election.ElectionStatus;

/**
 * The election beside a running app: nothing that goes wrong in it reaches the app. The Kubernetes client's classes are
 * loaded by {@link #start} alone.
 */
public interface Candidacy extends AutoCloseable {
    /** Of an app that does not compete, or not yet. */
    Candidacy NONE = new Candidacy() {
        @Override
        public ElectionStatus status() {
            return ElectionStatus.NONE;
        }

        @Override
        public Optional<String> unhealthy() {
            return Optional.empty();
        }

        @Override
        public Map<MeshCheck.Label, Long> meshChecks() {
            return Map.of();
        }

        @Override
        public void stop(Duration atMost) {}

        @Override
        public void close() {}
    };

    /** Competes from now on; {@link #NONE} where that cannot even begin, which is logged. */
    static Candidacy start(CandidateSetup setup) {
        try {
            return KubernetesElection.start(setup);
        } catch (RuntimeException e) {
            LoggerFactory.getLogger(Candidacy.class).error("No election, only serving: {}", e.toString());
            return NONE;
        }
    }

    /** The election as it is, from any thread. */
    ElectionStatus status();

    /** Why this process should be restarted; empty where it should not. */
    Optional<String> unhealthy();

    /** How often the leader's requests through the mesh came to what, while this process led. */
    Map<MeshCheck.Label, Long> meshChecks();

    /** Stops the leader's task, then gives the Lease back; logs where that took too long. */
    void stop(Duration atMost) throws InterruptedException;

    /** Ends at once; a Lease that is held is left to run out. */
    @Override
    void close();
}
