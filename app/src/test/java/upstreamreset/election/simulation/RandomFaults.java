// SPDX-License-Identifier: Apache-2.0
package upstreamreset.election.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/** Makes schedules of faults, the same for the same seed. One candidate at least is never ended for good. */
final class RandomFaults {
    private static final List<Fault.Edit> EDITS = List.of(Fault.Edit.values());
    private static final int[] STATUSES = {403, 409, 429, 500};

    private final Random random;
    private final int candidates;
    private final Duration leaseDuration;
    private int ended;

    private RandomFaults(long seed, int candidates, Duration leaseDuration) {
        this.random = new Random(seed);
        this.candidates = candidates;
        this.leaseDuration = leaseDuration;
    }

    /** {@code count} faults that begin within {@code within}. */
    static List<Step> schedule(long seed, int count, int candidates, Duration leaseDuration, Duration within) {
        var faults = new RandomFaults(seed, candidates, leaseDuration);
        var steps = new ArrayList<Step>();
        for (int i = 0; i < count; i++) {
            var at = Duration.ofMillis(faults.random.nextLong(within.toMillis()));
            steps.add(new Step(at, faults.next()));
        }
        steps.sort(Comparator.comparing(Step::at));
        return List.copyOf(steps);
    }

    private Fault next() {
        return switch (random.nextInt(16)) {
            case 0 -> ending() ? new Fault.Kill(who()) : new Fault.Restart(someone());
            case 1 -> ending() ? new Fault.Terminate(who()) : new Fault.LoseWatch(who());
            case 2 -> new Fault.Restart(someone());
            case 3, 4 -> new Fault.Freeze(who(), time(2));
            case 5 -> new Fault.Skew(who(), Duration.ofMillis(random.nextLong(7_200_000) - 3_600_000));
            case 6 -> new Fault.Stick(who(), time(2));
            case 7 -> new Fault.Outage(time(2));
            case 8 -> new Fault.Refuse(time(2));
            case 9 -> new Fault.Slow(time(0.7), time(3));
            case 10 -> new Fault.Errors(STATUSES[random.nextInt(STATUSES.length)], time(2));
            case 11 -> new Fault.LoseWatch(who());
            case 12 -> new Fault.SilenceWatch(who(), time(4));
            case 13 -> new Fault.DeleteLease();
            default -> new Fault.EditLease(EDITS.get(random.nextInt(EDITS.size())));
        };
    }

    private boolean ending() {
        return ++ended < candidates;
    }

    private String who() {
        return random.nextBoolean() ? "leader" : someone();
    }

    private String someone() {
        return Simulation.name(random.nextInt(candidates));
    }

    /** Up to so many lease durations. */
    private Duration time(double durations) {
        return Duration.ofMillis(1 + random.nextLong(Math.round(leaseDuration.toMillis() * durations)));
    }
}
