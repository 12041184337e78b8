// SPDX-License-Identifier: Apache-2.0
package upstreamreset.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import upstreamreset.accesslog.AccessLogEntry;
import upstreamreset.accesslog.LogField;
import upstreamreset.inspect.UpstreamWire;
import upstreamreset.scenario.Expectation;
import upstreamreset.scenario.Scenario;
import upstreamreset.scenario.WireScript;
import upstreamreset.scenario.WireScript.Protocol;
import upstreamreset.verdict.JudgedResponse;
import upstreamreset.verdict.Outcome;
import upstreamreset.verdict.Verdict;
import upstreamreset.wire.Bytes;

/** Turns what client, proxies, wire and codec saw into a {@link Reproduction}: Envoy's verdict, and what was expected. */
final class ObservedVerdict {
    private static final String CODEC_PREFIX = "http/1.1 protocol error: ";

    private ObservedVerdict() {}

    /**
     * @param calls how often the app was called
     * @param codec the codec's own reason as Envoy logged it; empty for none
     */
    static Reproduction of(
            Scenario scenario,
            JudgedResponse.Request request,
            Client.Answer answer,
            List<Reproduction.Hop> hops,
            UpstreamWire wire,
            int calls,
            String codec,
            String version) {
        var sidecar = hops.getLast().entry();
        var message = codec.startsWith(CODEC_PREFIX) ? codec.substring(CODEC_PREFIX.length()) : codec;
        var expected = scenario.expectation(version);
        boolean http1 = !(scenario.source() instanceof WireScript script && script.protocol() == Protocol.HTTP_2);
        var outcome = outcome(sidecar, answer, wire, calls, expected, http1);
        var verdict = new Verdict(
                outcome,
                Math.toIntExact(sidecar.number(LogField.RESPONSE_CODE).orElse(0)),
                sidecar.text(LogField.RESPONSE_FLAGS).orElse("-"),
                sidecar.text(LogField.RESPONSE_CODE_DETAILS).orElse("-"),
                message,
                version);
        var judged = JudgedResponse.of(request, wire.response(), wire.closedBy(), verdict, true);
        return new Reproduction(
                scenario,
                answer.response(),
                answer.took(),
                hops,
                wire.sent(),
                http1 && calls > 0 ? judged : judged.withoutFindings(),
                calls,
                differences(expected, verdict, hops, answer, calls));
    }

    private static Outcome outcome(
            AccessLogEntry entry,
            Client.Answer answer,
            UpstreamWire wire,
            int calls,
            Expectation expected,
            boolean http1) {
        var details = entry.text(LogField.RESPONSE_CODE_DETAILS).orElse("-");
        boolean failed =
                details.startsWith("upstream_reset_") && !details.contains("overflow") && !whole(answer, wire, details);
        if (calls == 0 && !failed) {
            return Outcome.REFUSED;
        }
        var client = answer.response();
        if (failed) {
            return client.complete() ? Outcome.RESETS_BEFORE : Outcome.RESETS_AFTER;
        }
        if (!details.equals("via_upstream") && !whole(answer, wire, details)) {
            boolean cut =
                    client.status() != 0 && !client.complete() && !entry.flags().contains("DC");
            return cut ? Outcome.RESETS_AFTER : Outcome.HANGS;
        }
        // Whether content that obeys the rules is what was meant, only the scenario can say: by what the client gets.
        boolean asFeared = expected.outcome() == Outcome.DAMAGED
                && expected.gets().filter(gets -> !contains(answer, gets)).isEmpty();
        boolean changed = http1 && !client.body().equals(wire.response().body());
        return asFeared || changed ? Outcome.DAMAGED : Outcome.PASSES;
    }

    /** Whether Envoy cut only what came after a whole response, which the client has: a request that nobody read to its end. */
    private static boolean whole(Client.Answer answer, UpstreamWire wire, String details) {
        return details.contains("premature_upstream_half_close")
                && answer.response().complete()
                && answer.response().body().equals(wire.response().body());
    }

    private static boolean contains(Client.Answer answer, Bytes bytes) {
        return answer.bytes().latin1().contains(bytes.latin1());
    }

    private static List<String> differences(
            Expectation expected, Verdict verdict, List<Reproduction.Hop> hops, Client.Answer answer, int calls) {
        var differences = new ArrayList<String>();
        compare(
                differences,
                "outcome",
                expected.outcome().text(),
                verdict.outcome().text());
        compare(differences, "status", expected.status(), verdict.status());
        compare(differences, "flags", expected.flags(), verdict.flags());
        if (!expected.matchesDetails(verdict.details())) {
            compare(differences, "details", expected.details(), verdict.details());
        }
        compare(differences, "codec message", expected.codecMessage().orElse(""), verdict.message());
        expected.bytes()
                .ifPresent(bytes -> compare(
                        differences,
                        "bytes sent",
                        bytes,
                        hops.getLast().entry().number(LogField.BYTES_SENT).orElse(-1)));
        expected.gets()
                .filter(gets -> !contains(answer, gets))
                .ifPresent(gets -> compare(differences, "what the client gets", gets, answer.bytes()));
        compare(differences, "calls of the app", expected.attempts(), calls);
        expected.atClient().ifPresent(line -> {
            var entry = hops.getFirst().entry();
            compare(
                    differences,
                    "line of the client's sidecar",
                    "%d %s %s".formatted(line.status(), line.flags(), line.details()),
                    Stream.of(LogField.RESPONSE_CODE, LogField.RESPONSE_FLAGS, LogField.RESPONSE_CODE_DETAILS)
                            .map(field -> entry.text(field).orElse("-"))
                            .collect(Collectors.joining(" ")));
        });
        return differences;
    }

    private static void compare(List<String> differences, String what, Object expected, Object got) {
        if (!expected.equals(got)) {
            differences.add("%s: expected %s, got %s".formatted(what, expected, got));
        }
    }
}
