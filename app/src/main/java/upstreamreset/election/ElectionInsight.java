// SPDX-License-Identifier: Apache-2.0
package upstreamreset.election;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import upstreamreset.election.kubernetes.MeshCheck;

/** What an app shows of its election, at any moment, from any thread. */
public interface ElectionInsight {
    /** Of an app without an election. */
    ElectionInsight NONE = new ElectionInsight() {
        @Override
        public String leader() {
            return "";
        }

        @Override
        public Optional<String> unhealthy() {
            return Optional.empty();
        }

        @Override
        public Figures figures() {
            return Figures.NONE;
        }
    };

    /** The hostname of whoever leads; empty where nobody does or it is not known. */
    String leader();

    /** Why this process should be restarted; empty where it should not. */
    Optional<String> unhealthy();

    Figures figures();

    /**
     * Plain values for metrics.
     *
     * @param sinceRenewal seconds since the last successful renewal was sent; while leading
     * @param skew by how many seconds the leader's wall clock is ahead of ours; where another leads
     */
    record Figures(
            boolean leading,
            int transitions,
            OptionalDouble sinceRenewal,
            OptionalDouble skew,
            long slowRenewals,
            Map<MeshCheck.Verdict, Long> verdicts) {
        /** Before the election has begun. */
        public static final Figures NONE =
                new Figures(false, 0, OptionalDouble.empty(), OptionalDouble.empty(), 0, Map.of());

        public Figures {
            verdicts = Map.copyOf(verdicts);
        }
    }
}
