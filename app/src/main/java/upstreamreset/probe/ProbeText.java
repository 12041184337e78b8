// SPDX-License-Identifier: Apache-2.0
package upstreamreset.probe;

import java.io.PrintWriter;
import upstreamreset.verdict.Finding;
import upstreamreset.verdict.JudgedResponse;
import upstreamreset.verdict.Outcome;
import upstreamreset.verdict.Verdict;
import upstreamreset.verdict.WireListing;
import upstreamreset.wire.Printable;

/** What a probe found, for people: one line for a healthy server, else the bytes, the rules, Envoy's verdict and the fix. */
public record ProbeText(PrintWriter out) {
    public void print(ProbeResult result) {
        switch (result) {
            case ProbeResult.Unreachable(var target, var reason) ->
                out.printf("%s: %s%n", Printable.of(target.text()), Printable.of(reason));
            case ProbeResult.Answered answered -> answered(answered);
        }
        out.flush();
    }

    private void answered(ProbeResult.Answered answered) {
        var judged = answered.judged();
        out.printf("%s: %s%n", Printable.of(answered.target().text()), summary(answered));
        if (answered.healthy()) {
            return;
        }
        for (int i = 0; i < judged.size(); i++) {
            if (judged.size() > 1 && !judged.get(i).findings().isEmpty()) {
                out.printf("  response %d on the connection%n", i + 1);
            }
            response(answered.exchanges().get(i), judged.get(i));
        }
        answered.replayed()
                .ifPresent(observed -> observed.alterations()
                        .forEach(each -> out.printf(
                                "    %s  sent     %s%n    %s  arrived  %s%n",
                                each.what(), each.sent(), " ".repeat(each.what().length()), each.arrived())));
    }

    /** The one line that every server that answers gets. */
    static String summary(ProbeResult.Answered answered) {
        var first = answered.judged().getFirst();
        var exchange = answered.exchanges().getFirst();
        var chunks = first.chunks() > 0 ? " in %d".formatted(first.chunks()) : "";
        return "%s, %s%s, %d bytes; %s; %s"
                .formatted(
                        first.status() == 0 ? "no status" : first.status(),
                        first.framing(),
                        chunks,
                        exchange.total(),
                        exchange.endless()
                                ? "still answering when the limit was reached"
                                : answered.reuse().text(),
                        envoy(first));
    }

    private void response(Exchange exchange, JudgedResponse judged) {
        if (judged.findings().isEmpty() && judged.envoy().outcome() == Outcome.PASSES) {
            return;
        }
        for (var line : WireListing.of(exchange.received().toArray(), judged.findings())) {
            out.printf("  %s%n", line);
        }
        for (int i = 0; i < judged.findings().size(); i++) {
            var finding = judged.findings().get(i);
            var next = i + 1 < judged.findings().size()
                    ? judged.findings().get(i + 1).rule()
                    : null;
            finding(finding);
            // Several bytes that break one rule have one cause.
            if (next != finding.rule()) {
                out.printf("    cause  %s%n    fix    %s%n", finding.cause(), finding.fix());
            }
        }
        var verdict = judged.envoy();
        out.printf(
                "  Envoy %s (%s): %s%n", verdict.version(), judged.observed() ? "observed" : "model", words(verdict));
        if (judged.observed()) {
            out.printf("  Envoy %s (model): %s%n", exchange.verdict().version(), words(exchange.verdict()));
        }
    }

    private void finding(Finding finding) {
        out.printf(
                "  %s %s (%s), offset %d: %s%n",
                finding.severity().text(),
                finding.rule().id(),
                finding.rule().section(),
                finding.offset(),
                finding.excerpt());
    }

    private static String envoy(JudgedResponse judged) {
        var verdict = judged.envoy();
        return "Envoy %s %s"
                .formatted(
                        verdict.version(),
                        switch (verdict.outcome()) {
                            case PASSES -> "passes it";
                            case RESETS_BEFORE, REFUSED ->
                                "answers %d %s instead".formatted(verdict.status(), verdict.flags());
                            case RESETS_AFTER -> "cuts it off (%s)".formatted(verdict.flags());
                            case HANGS -> "waits for its end";
                            case DAMAGED -> "passes it damaged";
                            case UNKNOWN -> "logs %d %s".formatted(verdict.status(), verdict.flags());
                        });
    }

    private static String words(Verdict verdict) {
        var message = verdict.message().isEmpty() ? "" : ", codec: " + Printable.of(verdict.message());
        var details = verdict.details().isEmpty() ? "" : " " + Printable.of(verdict.details());
        return "%s, %d %s%s%s"
                .formatted(verdict.outcome().text(), verdict.status(), Printable.of(verdict.flags()), details, message);
    }
}
