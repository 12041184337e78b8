// SPDX-License-Identifier: Apache-2.0
package upstreamreset.election.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** How a simulated election went. */
public record SimulationResult(
        long seed, Duration length, List<Entry> timeline, List<LeadershipSpan> reigns, List<Duration> ticks) {
    public SimulationResult {
        timeline = List.copyOf(timeline);
        reigns = List.copyOf(reigns);
        ticks = List.copyOf(ticks);
    }

    /** Pairs of terms in which both worked at the same time. There must be none. */
    public List<String> overlaps() {
        var found = new ArrayList<String>();
        for (int i = 0; i < reigns.size(); i++) {
            for (int j = i + 1; j < reigns.size(); j++) {
                var a = reigns.get(i);
                var b = reigns.get(j);
                if (a.ticks() > 0 && b.ticks() > 0 && a.overlaps(b)) {
                    found.add("%s (%s to %s) and %s (%s to %s)"
                            .formatted(a.candidate(), a.first(), a.last(), b.candidate(), b.first(), b.last()));
                }
            }
        }
        return found;
    }

    /** The longest time between two ticks of whichever leader, or before the first, or after the last. */
    public Duration longestGap() {
        var before = Duration.ZERO;
        var longest = Duration.ZERO;
        for (var tick : ticks) {
            longest = max(longest, tick.minus(before));
            before = tick;
        }
        return max(longest, length.minus(before));
    }

    private static Duration max(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? b : a;
    }
}
