// SPDX-License-Identifier: Apache-2.0
package upstreamreset.election.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Whatever goes wrong, no two tasks run at once, and none is missing for longer than the bound. */
class ElectionPropertyTest {
    private static final int SCHEDULES = Integer.getInteger("election.schedules", 800);
    private static final Duration LEASE = Duration.ofSeconds(3);

    private static Simulation.Plan plan(long seed, List<Step> steps) {
        return new Simulation.Plan(
                LEASE,
                Duration.ofSeconds(2),
                Duration.ofMillis(500),
                Duration.ofMillis(50),
                3,
                Duration.ofSeconds(75),
                seed,
                steps);
    }

    private static List<String> judge(long seed, List<Step> steps) {
        var plan = plan(seed, steps);
        return Judge.judge(plan, Simulation.run(plan));
    }

    @Test
    void noScheduleOfFaultsMakesTwoTasksRunAtOnceOrLeavesNoneForLong() {
        var failing = LongStream.range(0, SCHEDULES)
                .parallel()
                .mapToObj(seed -> new Failing(seed, schedule(seed)))
                .filter(each -> !judge(each.seed(), each.steps()).isEmpty())
                .map(Failing::shrunk)
                .sorted(Comparator.comparingInt(each -> each.steps().size()))
                .toList();

        assertThat(failing)
                .describedAs("shortest of %d failing schedules first", failing.size())
                .isEmpty();
    }

    private static List<Step> schedule(long seed) {
        return RandomFaults.schedule(seed, (int) (seed % 14), 3, LEASE, Duration.ofSeconds(60));
    }

    @Test
    void theSameSeedGivesTheSameRun() {
        var plan = plan(7, schedule(7));

        assertThat(Simulation.run(plan)).isEqualTo(Simulation.run(plan));
    }

    private record Failing(long seed, List<Step> steps) {
        Failing shrunk() {
            return new Failing(
                    seed,
                    Shrinker.shrink(steps, shorter -> !judge(seed, shorter).isEmpty()));
        }

        @Override
        public String toString() {
            return "seed %d: %s%n%s"
                    .formatted(
                            seed,
                            judge(seed, steps),
                            steps.stream().map(Step::toString).collect(Collectors.joining("\n")));
        }
    }
}
