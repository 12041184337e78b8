// SPDX-License-Identifier: Apache-2.0
package upstreamreset.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import upstreamreset.accesslog.AccessLogEntry;
import upstreamreset.accesslog.LogField;
import upstreamreset.diagnosis.JudgedResponse;
import upstreamreset.framing.FramingReport;
import upstreamreset.framing.Outcome;
import upstreamreset.framing.Verdict;
import upstreamreset.scenario.Expectation;
import upstreamreset.scenario.Scenario;

/** Turns what client, proxies, wire and codec saw into a {@link Reproduction}: Envoy's verdict, and what was expected. */
final class Observation {
    private static final String CODEC_PREFIX = "http/1.1 protocol error: ";

    private Observation() {}

    /** @param codec the codec's own reason as Envoy logged it; empty for none */
    static Reproduction of(
            Scenario scenario,
            JudgedResponse.Request request,
            Client.Answer answer,
            List<Reproduction.Hop> hops,
            UpstreamWire wire,
            String codec,
            String version) {
        var sidecar = hops.getLast().entry();
        var message = codec.startsWith(CODEC_PREFIX) ? codec.substring(CODEC_PREFIX.length()) : codec;
        var verdict = verdict(sidecar, answer.response(), wire, message, version);
        var judged = JudgedResponse.of(request, wire.response(), wire.closedBy(), verdict, true);
        return new Reproduction(
                scenario,
                answer.response(),
                answer.took(),
                hops,
                wire.sent(),
                judged,
                wire.calls(),
                differences(scenario.expectation(), verdict, sidecar, wire.calls()));
    }

    private static Verdict verdict(
            AccessLogEntry entry, FramingReport client, UpstreamWire wire, String message, String version) {
        var details = entry.text(LogField.RESPONSE_CODE_DETAILS).orElse("-");
        var flags = entry.flags().isEmpty() ? "-" : String.join(",", entry.flags());
        return new Verdict(outcome(details, client, wire), entry.status().orElse(0), flags, details, message, version);
    }

    private static Outcome outcome(String details, FramingReport client, UpstreamWire wire) {
        if (details.startsWith("upstream_reset_before_response_started")) {
            return Outcome.RESETS_BEFORE;
        }
        if (details.startsWith("upstream_reset_after_response_started")) {
            return Outcome.RESETS_AFTER;
        }
        if (!details.equals("via_upstream")) {
            return Outcome.HANGS;
        }
        return client.body().equals(wire.response().body()) ? Outcome.PASSES : Outcome.DAMAGED;
    }

    private static List<String> differences(Expectation expected, Verdict verdict, AccessLogEntry entry, int calls) {
        var differences = new ArrayList<String>();
        compare(
                differences,
                "outcome",
                expected.outcome().text(),
                verdict.outcome().text());
        compare(differences, "status", expected.status(), verdict.status());
        compare(differences, "flags", expected.flags(), verdict.flags());
        compare(differences, "details", expected.details(), verdict.details());
        compare(
                differences,
                "codec message",
                expected.codecMessage(),
                Optional.of(verdict.message()).filter(text -> !text.isEmpty()));
        expected.bytes()
                .ifPresent(bytes -> compare(
                        differences,
                        "bytes sent",
                        bytes,
                        entry.number(LogField.BYTES_SENT).orElse(-1)));
        compare(differences, "calls of the app", expected.attempts(), calls);
        return differences;
    }

    private static void compare(List<String> differences, String what, Object expected, Object got) {
        if (!expected.equals(got)) {
            differences.add("%s: expected %s, got %s".formatted(what, expected, got));
        }
    }
}
