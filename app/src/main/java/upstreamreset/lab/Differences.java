// SPDX-License-Identifier: Apache-2.0
package upstreamreset.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import upstreamreset.accesslog.LogField;
import upstreamreset.scenario.Expectation;
import upstreamreset.verdict.Verdict;

/** Compares what a real Envoy did with what the scenario expects: one sentence per difference. */
final class Differences {
    private final List<String> found = new ArrayList<>();

    private Differences() {}

    static List<String> of(
            Expectation expected, Verdict verdict, ScenarioClient.Result client, EnvoyLog envoy, int calls) {
        var differences = new Differences();
        differences.compare(
                "outcome", expected.outcome().text(), verdict.outcome().text());
        differences.compare("status", expected.status(), verdict.status());
        differences.compare("flags", expected.flags(), verdict.flags());
        if (!expected.matchesDetails(verdict.details())) {
            differences.compare("details", expected.details(), verdict.details());
        }
        differences.compare("codec message", expected.codecMessage().orElse(""), verdict.message());
        expected.bytes()
                .ifPresent(bytes -> differences.compare(
                        "bytes sent",
                        bytes,
                        envoy.ofApp().number(LogField.BYTES_SENT).orElse(-1)));
        if (!expected.matchesResponse(client.bytes())) {
            differences.compare("what the client gets", expected.gets().orElseThrow(), client.bytes());
        }
        differences.compare("calls of the app", expected.attempts(), calls);
        expected.atClient()
                .ifPresent(line -> differences.compare(
                        "line of the client's sidecar",
                        "%d %s %s".formatted(line.status(), line.flags(), line.details()),
                        Stream.of(LogField.RESPONSE_CODE, LogField.RESPONSE_FLAGS, LogField.RESPONSE_CODE_DETAILS)
                                .map(field -> envoy.ofClient().text(field).orElse("-"))
                                .collect(Collectors.joining(" "))));
        return differences.found;
    }

    private void compare(String what, Object expected, Object got) {
        if (!expected.equals(got)) {
            found.add("%s: expected %s, got %s".formatted(what, expected, got));
        }
    }
}
