// SPDX-License-Identifier: Apache-2.0
package upstreamreset.election.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One fault each at 15/10/5 s, and what exactly comes of it. */
class ScenarioTest {
    private static SimulationResult run(String... faults) {
        return Simulation.run(new Simulation.Plan(
                Duration.ofSeconds(15),
                Duration.ofSeconds(10),
                Duration.ofSeconds(5),
                Duration.ofMillis(100),
                3,
                Duration.ofSeconds(90),
                5,
                Stream.of(faults).map(FaultScript::step).toList()));
    }

    private static LeadershipSpan reign(SimulationResult outcome, int number) {
        return outcome.reigns().get(number);
    }

    private static List<Entry> said(SimulationResult outcome, String event) {
        return outcome.timeline().stream()
                .filter(entry -> entry.event().equals(event))
                .toList();
    }

    @Test
    void aMissingLeaseIsWaitedOutBeforeTheFirstLeads() {
        var outcome = run();

        assertThat(outcome.reigns()).hasSize(1);
        assertThat(reign(outcome, 0).first()).isBetween(Duration.ofSeconds(15), Duration.ofMillis(15_200));
    }

    @Test
    void aReleaseIsTakenUpWithinMilliseconds() {
        var outcome = run("40s terminate leader");

        assertThat(reign(outcome, 1).began().minus(reign(outcome, 0).returned()))
                .isBetween(Duration.ZERO, Duration.ofMillis(100));
    }

    @Test
    void aKilledLeadersLeaseIsTakenAMomentAfterItsEndAndNeverBefore() {
        var outcome = run("44s kill leader");

        // Renewals are 5 s apart from 15 s on: the last was acknowledged between 40 and 40.1 s.
        assertThat(reign(outcome, 1).began()).isBetween(Duration.ofSeconds(55), Duration.ofMillis(55_300));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"44s outage for 30s", "44s refuse for 30s", "44s errors 500 for 30s", "44s errors 403 for 30s"})
    void anApiServerThatIsGoneEndsTheWorkAtTheDeadlineAfterTheLastRenewal(String fault) {
        var outcome = run(fault);

        assertThat(reign(outcome, 0).returned()).isBetween(Duration.ofSeconds(50), Duration.ofMillis(50_300));
        assertThat(outcome.overlaps()).isEmpty();
    }

    @Test
    void aFrozenLeaderDoesNotASingleTickWhenItWakes() {
        var outcome = run("44s freeze leader for 20s");

        assertThat(reign(outcome, 0).last()).isLessThan(Duration.ofSeconds(44));
        assertThat(outcome.overlaps()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1h", "-1h"})
    void aWrongWallClockChangesNothing(String skew) {
        var outcome = run("1s skew a " + skew, "2s skew b " + skew, "44s kill leader");

        assertThat(reign(outcome, 1).began()).isBetween(Duration.ofSeconds(55), Duration.ofMillis(55_300));
    }

    @Test
    void workThatIsStuckKeepsTheLeaseOfALeaderWhoIsToStop() {
        var outcome = run("44s stick leader for 20s", "45s terminate leader");

        assertThat(reign(outcome, 1).began()).isGreaterThan(Duration.ofSeconds(64));
    }

    @ParameterizedTest
    @ValueSource(strings = {"delete-lease", "edit-lease empty", "edit-lease no-holder"})
    void aLeaderWhoseLeaseWasWipedOutStopsAndTakesItBackBeforeTheOthersMay(String fault) {
        var outcome = run("44s " + fault);

        assertThat(outcome.reigns()).hasSize(2);
        assertThat(reign(outcome, 1).candidate()).isEqualTo(reign(outcome, 0).candidate());
        assertThat(reign(outcome, 1).began()).isBetween(reign(outcome, 0).returned(), Duration.ofMillis(44_300));
    }

    @Test
    void aForeignHolderIsWaitedOut() {
        var outcome = run("44s edit-lease foreign");

        assertThat(reign(outcome, 0).returned()).isLessThan(Duration.ofMillis(44_200));
        assertThat(reign(outcome, 1).began()).isBetween(Duration.ofSeconds(59), Duration.ofMillis(59_300));
    }

    @Test
    void aDurationThatWasShortenedByHandIsRenewedAtOnceAndLetsNobodyIn() {
        var outcome = run("44s edit-lease short");

        assertThat(outcome.reigns()).hasSize(1);
    }

    @Test
    void aContainerThatRestartsTakesItsOwnLeaseAtOnce() {
        var leader = reign(run(), 0).candidate();
        var outcome = run("44s restart " + leader);

        assertThat(reign(outcome, 1).candidate()).isEqualTo(leader);
        assertThat(reign(outcome, 1).began()).isLessThan(Duration.ofMillis(44_300));
        assertThat(reign(outcome, 1).term().transitions()).isEqualTo(2);
    }

    @Test
    void aSilentWatchCostsARetryPeriodOrTwoNotTheRelease() {
        var outcome = run(
                "40s silence-watch a for 60s",
                "40s silence-watch b for 60s",
                "40s silence-watch c for 60s",
                "44s terminate leader");

        assertThat(reign(outcome, 1).began()).isLessThan(Duration.ofSeconds(55));
    }

    @Test
    void aLostWatchIsReopenedSoThatAReleaseIsStillSeenAtOnce() {
        var outcome = run("40s lose-watch a", "40s lose-watch b", "40s lose-watch c", "44s terminate leader");

        assertThat(reign(outcome, 1).began()).isLessThan(Duration.ofMillis(44_200));
    }

    @Test
    void aTroubleIsToldOnceForReadingAndOnceForWritingUntilItIsOver() {
        var outcome = run("44s errors 403 for 30s");

        for (var who : List.of("a", "b", "c")) {
            assertThat(said(outcome, "trouble").stream()
                            .filter(entry -> entry.who().equals(who)))
                    .as(who)
                    .hasSizeBetween(1, 2);
        }
    }
}
