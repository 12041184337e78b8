// SPDX-License-Identifier: Apache-2.0
package upstreamreset.election.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Finds what is wrong with a simulated election: two tasks that ran at once, or none for too long. */
final class Judge {
    private Judge() {}

    /** What is wrong; empty where nothing is. */
    static List<String> judge(Simulation.Plan plan, SimulationResult result) {
        var wrong = new ArrayList<>(result.overlaps());
        if (plan.steps().stream().noneMatch(step -> suspendsTask(step.fault()))) {
            wrong.addAll(unreturned(result));
        }
        wrong.addAll(leaderless(plan, result));
        return wrong;
    }

    private static boolean suspendsTask(Fault fault) {
        return fault instanceof Fault.Stick || fault instanceof Fault.Freeze;
    }

    /** Where no task sticks or freezes, each has also returned before the next begins. */
    private static List<String> unreturned(SimulationResult result) {
        var wrong = new ArrayList<String>();
        for (var one : result.spans()) {
            for (var other : result.spans()) {
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

    /** After the last fault a call may time out, a watch be replaced by reads, and a Lease be waited out. */
    private static Duration bound(Simulation.Plan plan) {
        return plan.leaseDuration()
                .plus(plan.renewalDeadline())
                .plus(plan.retryPeriod().multipliedBy(2))
                .plusSeconds(1);
    }

    private static List<String> leaderless(Simulation.Plan plan, SimulationResult result) {
        var wrong = new ArrayList<String>();
        var ticks = new ArrayList<>(result.ticks());
        ticks.add(plan.length());
        var before = Duration.ZERO;
        for (var tick : ticks) {
            var quietFrom = before;
            for (var step : plan.steps()) {
                if (step.at().compareTo(tick) < 0 && step.end().compareTo(quietFrom) > 0) {
                    if (step.at().minus(quietFrom).compareTo(bound(plan)) > 0) {
                        wrong.add("no task ran from " + quietFrom + " to " + step.at());
                    }
                    quietFrom = step.end();
                }
            }
            if (tick.minus(quietFrom).compareTo(bound(plan)) > 0) {
                wrong.add("no task ran from " + quietFrom + " to " + tick);
            }
            before = tick;
        }
        return wrong;
    }
}
