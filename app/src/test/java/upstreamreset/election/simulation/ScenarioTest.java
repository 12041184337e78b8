// SPDX-License-Identifier: Apache-2.0
package upstreamreset.election.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import upstreamreset.election.ElectionNews;

/**
 * One fault each at 15/10/5 s, and what comes of it under every seed.
 *
 * <p>The first candidate leads from 15 s on and renews every 5 s, so that a fault at 44 s comes about a second before a renewal.
 */
class ScenarioTest {
    private static final int SEEDS = 20;

    /** For calls of at most 20 ms, timers that are 1 ms late, and candidates that start within 50 ms. */
    private static final Duration SLACK = Duration.ofMillis(500);

    private static final Duration FAULT = Duration.ofSeconds(44);

    /** The Lease that was renewed at 40 s has run out. */
    private static final Duration RUN_OUT = Duration.ofSeconds(55);

    private static Step at(Duration time, Fault fault) {
        return new Step(time, fault);
    }

    private static Step fault(Fault fault) {
        return at(FAULT, fault);
    }

    private static SimulationResult run(long seed, List<Step> steps) {
        return Simulation.run(new Simulation.Plan(
                Duration.ofSeconds(15),
                Duration.ofSeconds(10),
                Duration.ofSeconds(5),
                Duration.ofMillis(100),
                3,
                Duration.ofSeconds(90),
                seed,
                steps));
    }

    private static void always(Consumer<SimulationResult> holds, Step... steps) {
        assertThat(LongStream.range(0, SEEDS).mapToObj(seed -> run(seed, List.of(steps))))
                .allSatisfy(holds);
    }

    private static void within(Duration actual, Duration from) {
        assertThat(actual).isBetween(from, from.plus(SLACK));
    }

    @Test
    void aMissingLeaseIsWaitedOutBeforeTheFirstLeads() {
        always(result -> {
            assertThat(result.spans()).hasSize(1);
            within(result.spans().get(0).first(), Duration.ofSeconds(15));
        });
    }

    @Test
    void aReleaseIsTakenUpAtOnce() {
        always(
                result -> within(
                        result.spans().get(1).began(), result.spans().get(0).returned()),
                fault(new Fault.Terminate("leader")));
    }

    @Test
    void aKilledLeadersLeaseIsTakenWhenItHasRunOutAndNeverBefore() {
        always(result -> within(result.spans().get(1).began(), RUN_OUT), fault(new Fault.Kill("leader")));
    }

    private static Stream<Fault> outages() {
        var time = Duration.ofSeconds(30);
        return Stream.of(
                new Fault.Outage(time),
                new Fault.Refuse(time),
                new Fault.Errors(500, time),
                new Fault.Errors(403, time));
    }

    @ParameterizedTest
    @MethodSource("outages")
    void anApiServerThatIsGoneEndsTheTaskAtTheDeadlineAfterTheLastRenewal(Fault outage) {
        always(
                result -> {
                    within(result.spans().get(0).returned(), Duration.ofSeconds(50));
                    assertThat(result.overlaps()).isEmpty();
                },
                fault(outage));
    }

    @Test
    void aFrozenLeaderDoesNotASingleTickWhenItWakes() {
        always(
                result -> {
                    assertThat(result.spans().get(0).last()).isLessThan(FAULT);
                    assertThat(result.overlaps()).isEmpty();
                },
                fault(new Fault.Freeze("leader", Duration.ofSeconds(20))));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, -1})
    void aWrongWallClockChangesNothing(long hours) {
        var skew = Duration.ofHours(hours);
        always(
                result -> within(result.spans().get(1).began(), RUN_OUT),
                at(Duration.ofSeconds(1), new Fault.Skew("a", skew)),
                at(Duration.ofSeconds(2), new Fault.Skew("b", skew)),
                fault(new Fault.Kill("leader")));
    }

    @Test
    void aStuckTaskKeepsTheLeaseOfALeaderThatIsToStop() {
        var stuck = Duration.ofSeconds(20);
        always(
                result -> within(result.spans().get(1).began(), FAULT.plus(stuck)),
                fault(new Fault.Stick("leader", stuck)),
                at(FAULT.plusSeconds(1), new Fault.Terminate("leader")));
    }

    private static Stream<Fault> wipes() {
        return Stream.of(
                new Fault.DeleteLease(),
                new Fault.EditLease(Fault.Edit.EMPTY),
                new Fault.EditLease(Fault.Edit.NO_HOLDER));
    }

    @ParameterizedTest
    @MethodSource("wipes")
    void aLeaderWhoseLeaseWasWipedOutStopsAndTakesItBackBeforeTheOthersMay(Fault wipe) {
        always(
                result -> {
                    assertThat(result.spans()).hasSize(2);
                    var first = result.spans().get(0);
                    var second = result.spans().get(1);
                    assertThat(second.candidate()).isEqualTo(first.candidate());
                    within(second.began(), first.returned());
                    within(second.began(), FAULT);
                },
                fault(wipe));
    }

    @Test
    void aForeignHolderIsWaitedOut() {
        always(
                result -> {
                    within(result.spans().get(0).returned(), FAULT);
                    within(result.spans().get(1).began(), FAULT.plusSeconds(15));
                },
                fault(new Fault.EditLease(Fault.Edit.FOREIGN)));
    }

    @Test
    void aDurationThatWasShortenedByHandIsRenewedAtOnceAndLetsNobodyIn() {
        always(result -> assertThat(result.spans()).hasSize(1), fault(new Fault.EditLease(Fault.Edit.SHORT)));
    }

    @Test
    void aContainerThatRestartsTakesItsOwnLeaseAtOnce() {
        always(
                result -> {
                    // a restarts: either it led, or nothing changes.
                    var spans = new ArrayList<>(result.spans());
                    if (spans.get(0).candidate().equals("a")) {
                        assertThat(spans.get(1).candidate()).isEqualTo("a");
                        assertThat(spans.get(1).term().transitions()).isEqualTo(2);
                        within(spans.get(1).began(), FAULT);
                    } else {
                        assertThat(spans).hasSize(1);
                    }
                },
                fault(new Fault.Restart("a")));
    }

    @Test
    void aSilentWatchCostsARetryPeriodOrTwoNotTheRelease() {
        var time = Duration.ofSeconds(60);
        always(
                result -> assertThat(result.spans().get(1).began()).isLessThan(RUN_OUT),
                at(Duration.ofSeconds(41), new Fault.SilenceWatch("a", time)),
                at(Duration.ofSeconds(41), new Fault.SilenceWatch("b", time)),
                at(Duration.ofSeconds(41), new Fault.SilenceWatch("c", time)),
                fault(new Fault.Terminate("leader")));
    }

    @Test
    void aLostWatchIsReopenedSoThatAReleaseIsStillSeenAtOnce() {
        always(
                result -> within(result.spans().get(1).began(), FAULT),
                at(Duration.ofSeconds(41), new Fault.LoseWatch("a")),
                at(Duration.ofSeconds(41), new Fault.LoseWatch("b")),
                at(Duration.ofSeconds(41), new Fault.LoseWatch("c")),
                fault(new Fault.Terminate("leader")));
    }

    @Test
    void troubleIsReportedOnceForReadingAndOnceForWritingUntilItIsOver() {
        always(
                result -> assertThat(List.of("a", "b", "c"))
                        .allSatisfy(candidate -> assertThat(result.news())
                                .filteredOn(each -> each.candidate().equals(candidate))
                                .filteredOn(each -> each.news() instanceof ElectionNews.Trouble)
                                .hasSizeBetween(1, 2)),
                fault(new Fault.Errors(403, Duration.ofSeconds(30))));
    }
}
