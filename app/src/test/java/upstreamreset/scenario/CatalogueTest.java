// SPDX-License-Identifier: Apache-2.0
package upstreamreset.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import upstreamreset.verdict.Outcome;

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
            assertThat(scenario.rule().isPresent())
                    .as("%s breaks a rule and has a fix, or neither", scenario.name())
                    .isEqualTo(scenario.fix().isPresent());
            assertThat(scenario.rule().isPresent() || scenario.expectation().outcome() == Outcome.PASSES)
                    .as("%s passes or says why not", scenario.name())
                    .isTrue();
        });
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
