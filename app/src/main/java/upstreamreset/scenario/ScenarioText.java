// SPDX-License-Identifier: Apache-2.0
package upstreamreset.scenario;

import java.io.PrintWriter;
import java.util.List;

/** The catalogue as text: one line per scenario, or the details of one. */
public record ScenarioText(PrintWriter out) {
    /** A line a scenario, by family. */
    public void list(List<Scenario> scenarios) {
        var family = "";
        for (var scenario : scenarios) {
            if (!scenario.family().equals(family)) {
                family = scenario.family();
                out.printf("%n%s%n", family.replace('-', ' '));
            }
            var expected = scenario.expectation();
            out.printf(
                    "  %-28s %-13s %4d %-7s %s%n",
                    scenario.name(),
                    expected.outcome().text(),
                    expected.status(),
                    expected.flags(),
                    scenario.sentence());
        }
        out.flush();
    }

    /** The bytes, the rule, who writes such code, the fix, and what Envoy does. */
    public void explain(Scenario scenario) {
        out.println(scenario.name() + ": " + scenario.sentence());
        out.println("  the app");
        scenario.stepsInWords().forEach(step -> out.println("    " + step));
        if (!scenario.mesh().sidecar().isEmpty()) {
            out.println("  the app's sidecar is changed");
            scenario.mesh().sidecar().forEach(edit -> out.println("    " + edit));
        }
        scenario.mesh().client().ifPresent(edits -> {
            out.println("  a client's sidecar is in front" + (edits.isEmpty() ? "" : ", changed"));
            edits.forEach(edit -> out.println("    " + edit));
        });
        scenario.breaks().ifPresent(breaks -> out.println("  rule\n    " + breaks.text()));
        if (!scenario.seenIn().isEmpty()) {
            out.println("  seen");
            scenario.seenIn().forEach(place -> out.println("    " + place));
        }
        scenario.fix().ifPresent(fix -> out.println("  fix\n    " + fix));
        out.println("  Envoy");
        verdict(scenario.expectation());
        scenario.older().forEach(older -> {
            out.println("  Envoy before " + older.version());
            verdict(older.expectation());
        });
        scenario.livePath().ifPresent(path -> out.println("  'upstream-reset serve' has it at " + path));
        if (scenario.liveInHttp2()) {
            out.println("  'upstream-reset serve' has it at " + scenario.path() + ", over HTTP/2 with prior knowledge");
        }
        out.println();
        out.flush();
    }

    private void verdict(Expectation expected) {
        out.printf(
                "    %s: %d %s %s%n",
                expected.outcome().text(), expected.status(), expected.flags(), expected.details());
        expected.codecMessage().ifPresent(message -> out.println("    its codec says: " + message));
        expected.atClient()
                .ifPresent(line -> out.printf(
                        "    the client's sidecar logs: %d %s %s%n", line.status(), line.flags(), line.details()));
        out.printf(
                "    the app is called %s; the client %s%n",
                expected.attempts() == 1 ? "once" : expected.attempts() + " times",
                expected.clientCanTell() ? "can tell that something went wrong" : "sees nothing wrong");
    }
}
