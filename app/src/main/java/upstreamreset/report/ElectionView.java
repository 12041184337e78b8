// SPDX-License-Identifier: Apache-2.0
package upstreamreset.report;

import java.time.Duration;
import java.util.Locale;
import tools.jackson.databind.json.JsonMapper;
import upstreamreset.leader.simulation.Outcome;
import upstreamreset.leader.simulation.Reign;

/** A simulated election as text for people and as one JSON object. */
public final class ElectionView {
    private static final JsonMapper JSON = new JsonMapper();

    private ElectionView() {}

    /** The timeline, who led when, and whether two ever worked at once. */
    public static String text(Outcome outcome) {
        var text = new StringBuilder();
        for (var entry : outcome.timeline()) {
            text.append(
                    String.format(Locale.ROOT, "%9.3f s  %-6s  %s\n", seconds(entry.at()), entry.who(), entry.text()));
        }
        text.append("\nWho worked:\n");
        for (var reign : outcome.reigns()) {
            text.append(line(reign));
        }
        var overlaps = outcome.overlaps();
        text.append(
                overlaps.isEmpty() ? "No two worked at the same time." : "Two worked at the same time: " + overlaps);
        text.append(String.format(Locale.ROOT, " Longest time without work: %.1f s.\n", seconds(outcome.longestGap())));
        return text.toString();
    }

    private static String line(Reign reign) {
        return reign.ticks() == 0
                ? "%-6s  never\n".formatted(reign.candidate())
                : String.format(
                        Locale.ROOT,
                        "%-6s  from %.3f s to %.3f s, transitions %d, ticks %d\n",
                        reign.candidate(),
                        seconds(reign.first()),
                        seconds(reign.last()),
                        reign.term().transitions(),
                        reign.ticks());
    }

    /** The same as one line of JSON. */
    public static String json(Outcome outcome) {
        var json = JSON.createObjectNode().put("seed", outcome.seed()).put("seconds", seconds(outcome.length()));
        var timeline = json.putArray("timeline");
        for (var entry : outcome.timeline()) {
            timeline.addObject()
                    .put("at", seconds(entry.at()))
                    .put("who", entry.who())
                    .put("event", entry.event())
                    .put("text", entry.text());
        }
        var leaders = json.putArray("leaders");
        for (var reign : outcome.reigns()) {
            leaders.addObject()
                    .put("candidate", reign.candidate())
                    .put("transitions", reign.term().transitions())
                    .put("from", seconds(reign.first()))
                    .put("to", seconds(reign.last()))
                    .put("ticks", reign.ticks());
        }
        var overlaps = json.putArray("overlaps");
        outcome.overlaps().forEach(overlaps::add);
        return json.put("longestGapSeconds", seconds(outcome.longestGap())).toString();
    }

    private static double seconds(Duration time) {
        return time.toMillis() / 1000.0;
    }
}
