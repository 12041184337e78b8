// SPDX-License-Identifier: Apache-2.0
package upstreamreset.probe;

import java.io.PrintWriter;
import upstreamreset.verdict.FindingLines;
import upstreamreset.verdict.JudgedResponse;
import upstreamreset.verdict.Outcome;
import upstreamreset.verdict.Verdict;
import upstreamreset.verdict.WireListing;
import upstreamreset.wire.Printable;

/**
 * A probe's results as text: one line with the verdict, and, if something is wrong, the rules with cause and fix, and
 * the bytes.
 */
public record ProbeText(PrintWriter out) {
    public void print(ProbeResult result) {
        out.println(ProbeSummary.of(result));
        if (result instanceof ProbeResult.Answered answered && !answered.healthy()) {
            answered(answered);
        }
        out.flush();
    }

    private void answered(ProbeResult.Answered answered) {
        var judged = answered.judged();
        for (int i = 0; i < judged.size(); i++) {
            response(answered.exchanges().get(i), judged.get(i), i);
        }
        answered.replayed()
                .ifPresent(observed -> observed.alterations()
                        .forEach(each -> out.printf(
                                "    %s  sent     %s%n    %s  arrived  %s%n",
                                each.what(), each.sent(), " ".repeat(each.what().length()), each.arrived())));
    }

    private void response(Exchange exchange, JudgedResponse judged, int number) {
        if (judged.findings().isEmpty() && judged.envoy().outcome() == Outcome.PASSES) {
            return;
        }
        if (number > 0) {
            out.printf("  %s%n", ProbeSummary.second(exchange));
        }
        FindingLines.of(judged).forEach(line -> out.printf("  %s%n", line));
        var verdict = judged.envoy();
        out.printf(
                "  Envoy %s (%s): %s%n", verdict.version(), judged.observed() ? "observed" : "model", words(verdict));
        if (judged.observed()) {
            out.printf("  Envoy %s (model): %s%n", exchange.verdict().version(), words(exchange.verdict()));
        }
        for (var line : WireListing.of(exchange.received().toArray(), judged.findings())) {
            out.printf("  %s%n", line);
        }
    }

    private static String words(Verdict verdict) {
        var message = verdict.message().isEmpty() ? "" : ", codec: " + Printable.of(verdict.message());
        var details = verdict.details().isEmpty() ? "" : " " + Printable.of(verdict.details());
        return "%s, %d %s%s%s"
                .formatted(verdict.outcome().text(), verdict.status(), Printable.of(verdict.flags()), details, message);
    }
}
