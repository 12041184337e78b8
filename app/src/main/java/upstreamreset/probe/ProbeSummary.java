// SPDX-License-Identifier: Apache-2.0
package upstreamreset.probe;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import upstreamreset.output.Durations;
import upstreamreset.verdict.Finding;
import upstreamreset.verdict.JudgedResponse;
import upstreamreset.verdict.Outcome;
import upstreamreset.wire.Printable;

/** A probe's one-line summary: what Envoy does with the response, the broken rules, then the response itself. */
final class ProbeSummary {
    private ProbeSummary() {}

    static String of(ProbeResult result) {
        return Printable.of(result.target().text()) + ": " + words(result);
    }

    /** The same without the URL. */
    static String words(ProbeResult result) {
        return switch (result) {
            case ProbeResult.Unreachable unreachable -> Printable.of(unreachable.reason());
            case ProbeResult.Answered answered -> answered(answered);
        };
    }

    private static String answered(ProbeResult.Answered answered) {
        var judged = answered.judged();
        int guilty = guilty(judged);
        var parts = new ArrayList<String>();
        var rules = rules(judged.get(guilty));
        parts.add(envoy(judged.get(guilty)) + (rules.isEmpty() ? "" : " (" + rules + ")"));
        if (guilty > 0) {
            parts.add(second(answered.exchanges().get(guilty)));
        }
        parts.add(came(judged.getFirst(), answered.exchanges().getFirst()));
        parts.addAll(end(answered));
        return String.join("; ", parts);
    }

    /** The first response that has a fault; the first of all if none has. */
    private static int guilty(List<JudgedResponse> judged) {
        for (int i = 0; i < judged.size(); i++) {
            if (!judged.get(i).findings().isEmpty() || judged.get(i).envoy().outcome() != Outcome.PASSES) {
                return i;
            }
        }
        return 0;
    }

    private static String rules(JudgedResponse judged) {
        return judged.findings().stream()
                .map(Finding::rule)
                .distinct()
                .map(rule -> rule.id())
                .collect(Collectors.joining(", "));
    }

    private static String came(JudgedResponse judged, Exchange exchange) {
        if (exchange.total() == 0) {
            return "not one byte"
                    + (exchange.response().closedBy().bySender() ? "" : " within " + Durations.tenths(exchange.took()));
        }
        var chunks = judged.chunks() > 0 ? " in " + judged.chunks() : "";
        return "%s, %s%s, %d bytes"
                .formatted(
                        judged.status() == 0 ? "no status" : judged.status(),
                        judged.framing(),
                        chunks,
                        exchange.total());
    }

    /** That there is nothing to judge yet. */
    static String coming(Exchange exchange) {
        int interim = exchange.response().interim().size();
        return "the head of the response was still coming after %s, %d bytes of it%s: ask with a longer --timeout"
                .formatted(
                        Durations.tenths(exchange.took()),
                        exchange.total(),
                        interim == 0 ? "" : ", with " + interim + " interim (1xx) before it");
    }

    private static List<String> end(ProbeResult.Answered answered) {
        var first = answered.exchanges().getFirst();
        var notes = notes(answered);
        if (!notes.isEmpty()) {
            return notes.stream().map(note -> "note: " + note).toList();
        }
        if (first.streaming()) {
            return List.of("still sending after " + Durations.tenths(first.took()));
        }
        if (answered.reuse() == Reuse.NOT_TRIED && !first.response().complete()) {
            return first.total() == 0 ? List.of() : List.of("then nothing for " + Durations.tenths(first.silent()));
        }
        return List.of(answered.reuse().text());
    }

    /** Remarks that are not faults. */
    static List<String> notes(ProbeResult.Answered answered) {
        var first = answered.exchanges().getFirst();
        if (!first.streaming() || !first.clean()) {
            return List.of();
        }
        int chunks = first.response().chunks();
        var body = chunks > 0
                ? (chunks == 1 ? "1 chunk" : chunks + " chunks")
                : first.response().bodyLength() + " bytes of body";
        var after = first.silent().compareTo(first.took().dividedBy(2)) < 0 ? "still sending" : "no event yet";
        return List.of("%s after %s: the head and %s are fine".formatted(after, Durations.tenths(first.took()), body));
    }

    /** The request option of a response other than the first. */
    static String second(Exchange exchange) {
        return exchange.compressible()
                ? "asked with Accept-Encoding: gzip, deflate, br"
                : "as the second response on the connection";
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
                            case HANGS -> judged.bytes() == 0 ? "waits for an answer" : "waits for its end";
                            case DAMAGED -> "passes it damaged";
                            case UNKNOWN -> "logs %d %s".formatted(verdict.status(), verdict.flags());
                        });
    }
}
