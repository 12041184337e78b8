// SPDX-License-Identifier: Apache-2.0
package upstreamreset.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import upstreamreset.accesslog.LogField;
import upstreamreset.scenario.Expectation;
import upstreamreset.scenario.Scenario;
import upstreamreset.scenario.WireScript;
import upstreamreset.scenario.WireScript.Protocol;
import upstreamreset.verdict.JudgedResponse;
import upstreamreset.verdict.ObservedVerdict;
import upstreamreset.verdict.Outcome;
import upstreamreset.verdict.Verdict;
import upstreamreset.wire.Bytes;

/** Compares what client, proxies, wire and codec saw with what the scenario expects: a {@link Reproduction}. */
final class Comparison {
    private Comparison() {}

    /**
     * @param calls how often the app was called
     * @param codec the codec's own reason as Envoy logged it; empty for none
     */
    static Reproduction of(
            Scenario scenario,
            JudgedResponse.Request request,
            ScenarioClient.Result answer,
            List<Reproduction.Hop> hops,
            UpstreamWire wire,
            int calls,
            String codec,
            String version) {
        var sidecar = hops.getLast().entry();
        var expected = scenario.expectation(version);
        boolean http1 = !(scenario.source() instanceof WireScript script && script.protocol() == Protocol.HTTP_2);
        // Whether content that obeys the rules is what was meant, only the scenario can say: by what the client gets.
        boolean asFeared = expected.outcome() == Outcome.DAMAGED
                && expected.gets().filter(gets -> !contains(answer, gets)).isEmpty();
        boolean changed = http1 && !answer.response().body().equals(wire.response().body());
        var verdict = ObservedVerdict.of(
                sidecar,
                codec,
                version,
                new ObservedVerdict.Seen(calls, answer.response(), !asFeared && !changed));
        var judged = JudgedResponse.of(request, wire.response(), wire.closedBy(), verdict, true);
        return new Reproduction(
                scenario,
                answer.response(),
                answer.took(),
                hops,
                wire.sent(),
                http1 && calls > 0 ? judged : judged.withoutFindings(),
                wire.inspected(),
                calls,
                differences(expected, verdict, hops, answer, calls));
    }

    private static boolean contains(ScenarioClient.Result answer, Bytes bytes) {
        return answer.bytes().latin1().contains(bytes.latin1());
    }

    private static List<String> differences(
            Expectation expected, Verdict verdict, List<Reproduction.Hop> hops, ScenarioClient.Result answer, int calls) {
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
