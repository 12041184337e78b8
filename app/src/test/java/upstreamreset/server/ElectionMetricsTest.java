// SPDX-License-Identifier: Apache-2.0
package upstreamreset.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import upstreamreset.election.Candidacy;
import upstreamreset.election.Candidacy.MeshLabel;
import upstreamreset.election.ElectionStatus;

/** What {@code /}, {@code /health} and {@code /metrics} tell of an election that begins after the app. */
class ElectionMetricsTest {
    private static final Duration SKEW = Duration.ofMillis(-1500);

    private record Given(ElectionStatus status, Optional<String> unhealthy, Map<MeshLabel, Long> meshChecks)
            implements Candidacy {}

    private static List<String> election(AppServer app) throws IOException {
        return RawClient.get(app, "/metrics")
                .lines()
                .filter(line -> line.startsWith("leader_"))
                .toList();
    }

    @Test
    void anElectionIsShownFromItsStart() throws Exception {
        var election = new AtomicReference<>(Candidacy.NONE);
        try (var app = AppServer.start(ServeOptions.onFreePort(), "1", election::get)) {
            assertThat(election(app))
                    .containsExactly(
                            "leader_election_clock_skew_seconds NaN",
                            "leader_election_leading 0.0",
                            "leader_election_lease_transitions 0.0",
                            "leader_election_renewal_age_seconds NaN",
                            "leader_election_slow_renewals_total 0.0");

            election.set(new Given(
                    new ElectionStatus(false, "app-1_uid", 7, Optional.empty(), Optional.of(SKEW), 2),
                    Optional.of("its task hangs"),
                    Map.of(new MeshLabel("/wrong", "resets-before"), 3L)));

            assertThat(election(app))
                    .containsExactly(
                            "leader_election_clock_skew_seconds -1.5",
                            "leader_election_leading 0.0",
                            "leader_election_lease_transitions 7.0",
                            "leader_election_renewal_age_seconds NaN",
                            "leader_election_slow_renewals_total 2.0",
                            "leader_mesh_checks_total{outcome=\"resets-before\",path=\"/wrong\"} 3.0");
            assertThat(RawClient.get(app, "/")).contains("\"leader\": \"app-1\", \"version\": \"1\"");
            assertThat(RawClient.get(app, "/health")).startsWith("HTTP/1.1 503").endsWith("its task hangs\n");
        }
    }

    @Test
    void aLeadersRenewalHasAnAge() throws Exception {
        var leading = new ElectionStatus(
                true, "app-0_uid", 1, Optional.of(System.nanoTime() - 2_000_000_000L), Optional.empty(), 0);
        var election = new Given(leading, Optional.empty(), Map.of());
        try (var app = AppServer.start(ServeOptions.onFreePort(), "1", () -> election)) {
            assertThat(election(app))
                    .contains("leader_election_leading 1.0")
                    .anyMatch(line -> line.matches("leader_election_renewal_age_seconds [2-9]\\.\\d+"));
        }
    }
}
