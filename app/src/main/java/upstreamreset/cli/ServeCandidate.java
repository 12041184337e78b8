// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import upstreamreset.election.ElectionInsight;
import upstreamreset.election.kubernetes.CandidateSetup;
import upstreamreset.election.kubernetes.KubernetesElection;

/**
 * The election beside a running app: none, not yet begun, or running. Nothing that goes wrong in it reaches the app. The
 * Kubernetes client's classes are loaded by {@link #start}, and only where there is a candidate to be.
 */
final class ServeCandidate implements ElectionInsight, AutoCloseable {
    /** Kubernetes gives a Pod 30 s to end, and the streams need 25 of them. */
    private static final Duration PATIENCE = Duration.ofSeconds(4);

    private final Optional<CandidateSetup> setup;
    private volatile @Nullable KubernetesElection running;

    ServeCandidate(Optional<CandidateSetup> setup) {
        this.setup = setup;
    }

    void start() {
        try {
            setup.ifPresent(each -> running = KubernetesElection.start(each));
        } catch (RuntimeException e) {
            LoggerFactory.getLogger(ServeCandidate.class).error("No election, only serving: {}", e.toString());
        }
    }

    void stop() throws InterruptedException {
        var election = running;
        if (election != null) {
            election.stop(PATIENCE);
        }
    }

    @Override
    public String leader() {
        var election = running;
        return election == null ? "" : election.leader();
    }

    @Override
    public Optional<String> unhealthy() {
        var election = running;
        return election == null ? Optional.empty() : election.unhealthy();
    }

    @Override
    public Figures figures() {
        var election = running;
        return election == null ? Figures.NONE : election.figures();
    }

    @Override
    public void close() {
        var election = running;
        if (election != null) {
            election.close();
        }
    }
}
