// SPDX-License-Identifier: Apache-2.0
package upstreamreset.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import upstreamreset.scenario.Catalogue;
import upstreamreset.scenario.Expectation;
import upstreamreset.scenario.Scenario;
import upstreamreset.server.AppServer;
import upstreamreset.server.ServeOptions;
import upstreamreset.verdict.Outcome;
import upstreamreset.verdict.Verdict;
import upstreamreset.wire.Bytes;

/** The probe against the whole catalogue of {@code serve}: its verdicts are the known reactions of a real Envoy. */
class ServedCatalogueTest {
    /** Scenarios that damage the body that the app meant: the bytes alone cannot show it. */
    private static final List<String> MEANT_OTHERWISE = List.of("cl-too-short", "field-injected");

    /** Rules that the bytes of a response cannot break, or that only a recipient sets. */
    private static final List<String> NO_FINDING =
            List.of("status-version-1-2", "field-value-latin1", "field-value-utf8", "field-injected");

    private static final Map<Scenario, ProbeResult> RESULTS = new LinkedHashMap<>();

    @BeforeAll
    static void probeAll() throws IOException, InterruptedException {
        var scenarios = new Catalogue()
                .all().stream()
                        .filter(each -> each.livePath().isPresent()
                                && each.request().raw().isEmpty()
                                && each.request().bodyBytes() == 0
                                && each.request().times() == 1
                                && each.mesh().sidecar().isEmpty()
                                && each.mesh().client().isEmpty())
                        .toList();
        try (var app =
                AppServer.start(ServeOptions.onFreePort().withStream(ServeOptions.CHUNKS, Duration.ofMillis(10)))) {
            var groups = scenarios.stream()
                    .collect(Collectors.groupingBy(
                            each -> Map.entry(each.request().method(), timeout(each)),
                            LinkedHashMap::new,
                            Collectors.toList()));
            for (var group : groups.entrySet()) {
                var targets = group.getValue().stream()
                        .map(each -> Target.parse(
                                "127.0.0.1:" + app.port() + each.livePath().orElseThrow()))
                        .toList();
                var results = new ArrayList<ProbeResult>();
                new Probe(
                                new ProbeRequest(group.getKey().getKey(), List.of(), Bytes.EMPTY),
                                new Limits(group.getKey().getValue(), 1 << 20, false),
                                "1.40.0")
                        .all(targets, results::add);
                for (int i = 0; i < targets.size(); i++) {
                    RESULTS.put(group.getValue().get(i), results.get(i));
                }
            }
        }
    }

    /** Short for scenarios that hang and so use all of it; long for the others: a busy machine serves slowly. */
    private static Duration timeout(Scenario scenario) {
        return scenario.expectation().outcome() == Outcome.HANGS ? Duration.ofMillis(700) : Duration.ofSeconds(30);
    }

    @Test
    void theModelSaysWhatEnvoyDoes() {
        assertThat(RESULTS).hasSizeGreaterThan(130);
        var differ = RESULTS.entrySet().stream()
                .filter(each -> !agrees(each.getKey().expectation(), verdict(each.getValue())))
                .map(each -> each.getKey().name());
        assertThat(differ).containsExactlyInAnyOrderElementsOf(MEANT_OTHERWISE);
    }

    @Test
    void whatBreaksARuleIsFoundAndWhatBreaksNoneIsHealthy() {
        var wrong = RESULTS.entrySet().stream()
                .filter(each ->
                        each.getValue().healthy() != each.getKey().breaks().isEmpty())
                .map(each -> each.getKey().name());
        assertThat(wrong).containsExactlyInAnyOrderElementsOf(NO_FINDING);
    }

    private static Verdict verdict(ProbeResult result) {
        return ((ProbeResult.Answered) result).exchanges().getFirst().verdict();
    }

    private static boolean agrees(Expectation expected, Verdict verdict) {
        if (expected.outcome() == Outcome.HANGS) {
            return verdict.outcome() == Outcome.HANGS;
        }
        return verdict.outcome() == expected.outcome()
                && verdict.status() == expected.status()
                && verdict.flags().equals(expected.flags())
                && expected.matchesDetails(verdict.details())
                && verdict.message().equals(expected.codecMessage().orElse(""));
    }
}
