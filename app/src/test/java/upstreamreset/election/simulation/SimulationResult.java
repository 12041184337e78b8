// SPDX-License-Identifier: Apache-2.0
package upstreamreset.election.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** How a simulated election went: what was reported, who led when, and each tick of a leader's task. */
record SimulationResult(List<Told> news, List<LeadershipSpan> spans, List<Duration> ticks) {
    SimulationResult {
        news = List.copyOf(news);
        spans = List.copyOf(spans);
        ticks = List.copyOf(ticks);
    }

    /** Pairs of terms whose tasks ran at the same time. There must be none. */
    List<String> overlaps() {
        var found = new ArrayList<String>();
        for (int i = 0; i < spans.size(); i++) {
            for (int j = i + 1; j < spans.size(); j++) {
                var a = spans.get(i);
                var b = spans.get(j);
                if (a.ticks() > 0 && b.ticks() > 0 && a.overlaps(b)) {
                    found.add("%s (%s to %s) and %s (%s to %s)"
                            .formatted(a.candidate(), a.first(), a.last(), b.candidate(), b.first(), b.last()));
                }
            }
        }
        return found;
    }
}
