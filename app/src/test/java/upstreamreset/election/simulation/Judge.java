// SPDX-License-Identifier: Apache-2.0
package upstreamreset.election.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Says what is wrong with the outcome of a simulated election: two that worked at once, or nobody for too long. */
final class Judge {
    private Judge() {}

    /** What is wrong; empty where nothing is. */
    static List<String> judge(Simulation.Plan plan, SimulationResult outcome) {
        var wrong = new ArrayList<>(outcome.overlaps());
        if (plan.steps().stream().noneMatch(step -> suspendsWork(step.fault()))) {
            wrong.addAll(unreturned(outcome));
        }
        wrong.addAll(leaderless(plan, outcome));
        return wrong;
    }

    private static boolean suspendsWork(Fault fault) {
        return fault instanceof Fault.Stick || fault instanceof Fault.Freeze;
    }

    /** Where work neither sticks nor freezes, it has also returned before the next begins. */
    private static List<String> unreturned(SimulationResult outcome) {
        var wrong = new ArrayList<String>();
        for (var one : outcome.reigns()) {
            for (var other : outcome.reigns()) {
                if (!one.equals(other)
                        && one.began().compareTo(other.began()) <= 0
                        && other.began().compareTo(one.returned()) < 0) {
                    wrong.add("%s began at %s; %s returned at %s"
                            .formatted(other.candidate(), other.began(), one.candidate(), one.returned()));
                }
            }
        }
        return wrong;
    }

    /** From the last disturbance on, an answer may be awaited, a watch distrusted, a lease waited out. */
    private static Duration bound(Simulation.Plan plan) {
        return plan.leaseDuration()
                .plus(plan.renewalDeadline())
                .plus(plan.retryPeriod().multipliedBy(2))
                .plusSeconds(1);
    }

    private static List<String> leaderless(Simulation.Plan plan, SimulationResult outcome) {
        var wrong = new ArrayList<String>();
        var ticks = new ArrayList<>(outcome.ticks());
        ticks.add(plan.length());
        var before = Duration.ZERO;
        for (var tick : ticks) {
            var quietFrom = before;
            for (var step : plan.steps()) {
                if (step.at().compareTo(tick) < 0 && step.end().compareTo(quietFrom) > 0) {
                    if (step.at().minus(quietFrom).compareTo(bound(plan)) > 0) {
                        wrong.add("nobody worked from " + quietFrom + " to " + step.at());
                    }
                    quietFrom = step.end();
                }
            }
            if (tick.minus(quietFrom).compareTo(bound(plan)) > 0) {
                wrong.add("nobody worked from " + quietFrom + " to " + tick);
            }
            before = tick;
        }
        return wrong;
    }
}
