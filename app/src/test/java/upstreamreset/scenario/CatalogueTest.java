// SPDX-License-Identifier: Apache-2.0
package upstreamreset.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import upstreamreset.http1.CloseReason;
import upstreamreset.http1.ResponseReader;
import upstreamreset.http1.Rule;
import upstreamreset.verdict.Finding;
import upstreamreset.verdict.JudgedResponse;
import upstreamreset.verdict.Outcome;
import upstreamreset.verdict.Verdict;

class CatalogueTest {
    private final Catalogue catalogue = new Catalogue();

    @Test
    void wrongIsWhatTheOriginalSaw() {
        var wrong = catalogue.find("wrong").orElseThrow();

        assertThat(wrong.source()).isEqualTo(new Source.App("/wrong"));
        assertThat(wrong.expectation().status()).isEqualTo(502);
        assertThat(wrong.expectation().flags()).isEqualTo("UPE");
        assertThat(wrong.expectation().details()).isEqualTo("upstream_reset_before_response_started{protocol_error}");
        assertThat(wrong.expectation().codecMessage()).contains("unsupported transfer encoding");
        assertThat(wrong.expectation().bytes()).hasValue(87);
        assertThat(wrong.expectation().attempts()).isEqualTo(1);
        assertThat(wrong.seenIn()).hasSizeGreaterThan(3);
    }

    @Test
    void correctPasses() {
        var correct = catalogue.find("correct").orElseThrow();

        assertThat(correct.expectation().outcome()).isEqualTo(Outcome.PASSES);
        assertThat(correct.expectation().flags()).isEqualTo("-");
        assertThat(correct.expectation().bytes()).hasValue("Chunk\n".length() * 5L);
    }

    @Test
    void thereAreAtLeastAHundredAndEachSaysWhatAndWhy() {
        assertThat(catalogue.all()).hasSizeGreaterThanOrEqualTo(100).allSatisfy(scenario -> {
            assertThat(scenario.sentence()).endsWith(".");
            assertThat(scenario.breaks().isPresent())
                    .as("%s breaks a rule and has a fix, or neither", scenario.name())
                    .isEqualTo(scenario.fix().isPresent());
            assertThat(scenario.breaks().isPresent() || scenario.expectation().outcome() == Outcome.PASSES)
                    .as("%s passes or says why not", scenario.name())
                    .isTrue();
        });
    }

    @Test
    void theRuleThatAnEntryNamesIsTheOneThatItsBytesBreak() {
        var naming = http1().filter(each -> rule(each).isPresent()).toList();

        assertThat(naming).hasSizeGreaterThan(100);
        assertThat(naming.stream()
                        .filter(each -> !found(each).contains(rule(each).orElseThrow()))
                        .map(each -> each.name() + " breaks " + found(each)))
                .isEmpty();
    }

    @Test
    void whatEnvoysCodecRefusesNamesItsRule() {
        var refused = http1().filter(each -> each.expectation().codecMessage().isPresent())
                .toList();

        assertThat(refused).hasSizeGreaterThan(50);
        assertThat(refused.stream().filter(each -> rule(each).isEmpty()).map(Scenario::name))
                .isEmpty();
    }

    private Stream<Scenario> http1() {
        return catalogue.all().stream()
                .filter(each ->
                        each.source() instanceof WireScript && !each.family().startsWith("http2"));
    }

    private static Optional<Rule> rule(Scenario scenario) {
        return scenario.breaks().flatMap(BrokenRule::rule);
    }

    /** The findings of every judging command in the entry's bytes. */
    private static List<Rule> found(Scenario scenario) {
        var script = (WireScript) scenario.source();
        var end = switch (script.steps().getLast()) {
            case WireStep.Close _ -> CloseReason.FIN;
            case WireStep.Reset _ -> CloseReason.RST;
            case WireStep _ -> CloseReason.OPEN;
        };
        var expected = scenario.expectation();
        var method = scenario.request().method();
        var judged = JudgedResponse.of(
                new JudgedResponse.Request(method, scenario.path(), Optional.empty()),
                ResponseReader.read(method, script.sent().toArray(), end),
                "nobody",
                new Verdict(
                        expected.outcome(),
                        expected.status(),
                        expected.flags(),
                        expected.details(),
                        expected.codecMessage().orElse(""),
                        "1.40.0"),
                true);
        return judged.findings().stream().map(Finding::rule).toList();
    }

    @Test
    void anEntryThatSaysNothingElseHasTheRulesWords() {
        var wrong = catalogue.find("te-twice").orElseThrow();

        assertThat(wrong.breaks().orElseThrow().text())
                .startsWith("duplicate-transfer-encoding (RFC 9112 §6.1): The code sets");
        assertThat(wrong.fix().orElseThrow()).startsWith("Do not set or copy Transfer-Encoding");
    }

    @Test
    void anEntryCanSayMoreOfItsRuleOrNameNone() {
        assertThat(BrokenRule.parse("bare-lf: lines end with CRLF."))
                .isEqualTo(new BrokenRule(Optional.of(Rule.BARE_LF), "RFC 9112 §2.2: lines end with CRLF."));
        assertThat(BrokenRule.parse("bare-lf: RFC 9112 §7.1: chunk lines end with CRLF."))
                .isEqualTo(new BrokenRule(Optional.of(Rule.BARE_LF), "RFC 9112 §7.1: chunk lines end with CRLF."));
        assertThat(BrokenRule.parse("None of HTTP: the proxy decides.").rule()).isEmpty();
        assertThatThrownBy(() -> BrokenRule.parse("bare-lff"))
                .hasMessageStartingWith("\"bare-lff\" is not a rule; if none fits,");
    }

    @Test
    void whatEnvoyPassesHasTheLengthThatTheAppMeans() {
        assertThat(catalogue.all().stream()
                        .filter(scenario -> scenario.meant().isPresent()
                                && scenario.expectation().outcome() == Outcome.PASSES
                                && scenario.expectation().bytes().isPresent()))
                .hasSizeGreaterThan(40)
                .allSatisfy(scenario -> assertThat(scenario.expectation().bytes())
                        .hasValue(scenario.meant().orElseThrow().length()));
    }

    @Test
    void aResponseThatIsCutIsMeantByNobody() {
        assertThat(catalogue.find("conn-fin-in-body").orElseThrow().meant()).isEmpty();
        assertThat(catalogue.find("h2-ok").orElseThrow().meant()).isEmpty();
    }

    @Test
    void anUnknownNameGetsTheNearest() {
        assertThat(catalogue.find("wrnog")).isEmpty();
        assertThat(catalogue.nearest("wrnog").getFirst()).isEqualTo("wrong");
        assertThat(catalogue.nearest("xyzzy-quux-plugh")).isEmpty();
    }

    @Test
    void anErrorNamesTheFileTheEntryAndTheField() {
        assertThatThrownBy(() -> ScenarioFile.parse("a.scenarios", """
                        scenario one
                          says  Something.
                          wire  read
                                send "HTTP/1.1 200 OK\\r\\n
                          expect passes 200 - via_upstream
                        """))
                .isInstanceOf(CatalogueException.class)
                .hasMessage("a.scenarios:3: scenario one: field wire: no closing quote");
        assertThatThrownBy(() -> ScenarioFile.parse("a.scenarios", """
                        scenario one
                          says   Something.
                          path   /one
                          expect passes
                        """))
                .hasMessageStartingWith("a.scenarios:4: scenario one: field expect: expected STATUS FLAGS DETAILS");
    }
}
