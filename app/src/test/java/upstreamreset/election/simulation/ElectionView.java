// SPDX-License-Identifier: Apache-2.0
package upstreamreset.election.simulation;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import upstreamreset.output.Json;
import upstreamreset.output.JsonLines;
import upstreamreset.wire.Printable;

/** A simulated election as text for people and as one JSON object. */
public final class ElectionView {
    private ElectionView() {}

    /** The timeline, who led when, and whether two ever worked at once. */
    public static String text(SimulationResult outcome) {
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

    private static String line(LeadershipSpan reign) {
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
    public static void json(SimulationResult outcome, PrintWriter out) {
        new JsonLines(out).print(json -> {
            json.field("seed", outcome.seed());
            json.field("seconds", seconds(outcome.length()));
            json.objects("timeline", outcome.timeline(), entry -> {
                json.field("at", seconds(entry.at()));
                json.field("who", entry.who());
                json.field("event", entry.event());
                json.field("text", entry.text());
            });
            json.objects("leaders", outcome.reigns(), reign -> {
                json.field("candidate", reign.candidate());
                json.field("transitions", reign.term().transitions());
                json.field("from", seconds(reign.first()));
                json.field("to", seconds(reign.last()));
                json.field("ticks", reign.ticks());
            });
            json.strings("overlaps", outcome.overlaps().stream().map(Printable::of).toList());
            json.field("longestGapSeconds", seconds(outcome.longestGap()));
        });
    }

    private static double seconds(Duration time) {
        return time.toMillis() / 1000.0;
    }
}
