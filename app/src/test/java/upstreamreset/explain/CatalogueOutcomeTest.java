// SPDX-License-Identifier: Apache-2.0
package upstreamreset.explain;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import upstreamreset.accesslog.LogLines;
import upstreamreset.accesslog.LogReader;
import upstreamreset.scenario.Catalogue;
import upstreamreset.scenario.Expectation;
import upstreamreset.scenario.Scenario;
import upstreamreset.verdict.Outcome;

/** {@code explain} gives a scenario's log line the outcome that the catalogue, {@code reproduce} and {@code matrix} give it. */
class CatalogueOutcomeTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @ParameterizedTest(name = "{0}")
    @MethodSource("lines")
    void theOutcomeOfALogLineIsTheCatalogues(String name, Expectation expected) throws Exception {
        var envoy = explain(line(expected), expected.codecMessage()).at("/envoy");
        assertThat(envoy.at("/outcome").asString())
                .isEqualTo(tellable(expected.outcome()).text());
        assertThat(envoy.at("/status").asInt()).isEqualTo(expected.status());
        assertThat(envoy.at("/flags").asString()).isEqualTo(expected.flags());
        assertThat(envoy.at("/details").asString()).isEqualTo(details(expected));
        assertThat(envoy.at("/message").asString())
                .isEqualTo(
                        expected.flags().contains("UPE")
                                ? expected.codecMessage().orElse("")
                                : "");
    }

    /**
     * The one thing that a line cannot tell: whether the response that Envoy passed on, {@code via_upstream}, reached the
     * client as its sender meant it. Only who compares the bytes knows that.
     */
    private static Outcome tellable(Outcome outcome) {
        return outcome == Outcome.DAMAGED ? Outcome.PASSES : outcome;
    }

    static Stream<Arguments> lines() {
        return new Catalogue()
                .all().stream()
                        .flatMap(scenario -> Stream.concat(
                                Stream.of(Arguments.of(scenario.name(), scenario.expectation())),
                                scenario.older().stream()
                                        .map(Scenario.Older::expectation)
                                        .map(older -> Arguments.of(scenario.name() + ", older", older))));
    }

    private static String line(Expectation expected) {
        var line = LogLines.server()
                .status(expected.status())
                .flags(expected.flags())
                .details(details(expected));
        if (expected.outcome() == Outcome.REFUSED) {
            line = line.withoutUpstream();
        }
        return expected.bytes().isPresent()
                ? line.bytes(expected.bytes().getAsLong()).line()
                : line.bytes(0).line();
    }

    /** A {@code *} stands for the words of a library. */
    private static String details(Expectation expected) {
        return expected.details().replace("*", "|delayed_connect_error:_111}");
    }

    private static JsonNode explain(String line, Optional<String> codec) {
        var digest = new LogDigest(new LogReader(), new Explainer(IstioVersion.UNKNOWN));
        digest.add(line);
        codec.ifPresent(message -> digest.add("Error dispatching received data: http/1.1 protocol error: " + message));
        var out = new StringWriter();
        new ExplanationJson(new PrintWriter(out)).print(digest);
        return JSON.readTree(out.toString().lines().findFirst().orElseThrow());
    }
}
