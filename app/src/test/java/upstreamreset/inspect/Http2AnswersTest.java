// SPDX-License-Identifier: Apache-2.0
package upstreamreset.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import upstreamreset.scenario.Catalogue;
import upstreamreset.scenario.Http2Answers;
import upstreamreset.scenario.Scenario;
import upstreamreset.scenario.WireScript;
import upstreamreset.scenario.WireStep;
import upstreamreset.tcp.Direction;
import upstreamreset.verdict.Outcome;

/** The verdict on every HTTP/2 answer is the one that a real Envoy gave ({@code Http2AnswersIT} asks it again). */
class Http2AnswersTest {
    /** Envoy lets them pass, and the RFC does not. */
    private static final Set<String> PASS_WITH_A_FINDING = Set.of("st-600", "st-999", "st204-cl0");

    /** No rule forbids them, and only 1.36 takes them for an error. */
    private static final String THREE_SIZE_UPDATES = "hf-size3";

    /** What it says when it closes a connection after GOAWAY, and the response has passed. */
    private static final String CLOSING = "Connection was closed while dispatching frames";

    static List<Scenario> answers() {
        return Stream.concat(
                        new Catalogue()
                                .all().stream()
                                        .filter(each -> each.family().startsWith("http2-"))
                                        .filter(each -> !each.name().equals("h2-to-http1")),
                        Http2Answers.all().stream())
                .toList();
    }

    @Test
    void theVerdictIsEnvoysAndAFindingSaysWhy() {
        for (var answer : answers()) {
            var response = inspected(answer, null);
            var verdict = response.judged().envoy();
            var expected = answer.expectation("1.40.0");
            var message = expected.codecMessage()
                    .filter(each -> !each.equals(CLOSING))
                    .orElse("");
            assertThat(verdict.status() + " " + verdict.flags() + " " + verdict.details() + " " + verdict.message())
                    .as(answer.name())
                    .isEqualTo(expected.status() + " " + expected.flags() + " " + expected.details() + " " + message);
            assertThat(verdict.outcome()).as(answer.name()).isEqualTo(expected.outcome());
            boolean findings = verdict.outcome() != Outcome.PASSES || PASS_WITH_A_FINDING.contains(answer.name());
            assertThat(response.remarkable()).as(answer.name()).isEqualTo(findings);
            int sent = ((WireScript) answer.source()).sent().length();
            assertThat(response.judged().findings())
                    .as(answer.name())
                    .allSatisfy(
                            each -> assertThat(each.offset() + each.length()).isBetween(0L, (long) sent));
        }
    }

    /** Where 1.36 lets some pass that break a rule and others not, the model does not say. */
    @Test
    void ofAnOlderVersionItIsThatVersionsOrNone() {
        for (var answer : answers()) {
            if (answer.name().equals(THREE_SIZE_UPDATES)) {
                continue;
            }
            var inspection = new Http2Wire("1.36.2");
            var verdict = inspected(answer, null, inspection).judged().envoy();
            var expected = answer.expectation("1.36.2");
            if (verdict.outcome() == Outcome.UNKNOWN) {
                continue;
            }
            assertThat(verdict.outcome()).as(answer.name()).isEqualTo(expected.outcome());
            assertThat(verdict.status() + " " + verdict.flags() + " " + verdict.details())
                    .as(answer.name())
                    .isEqualTo(expected.status() + " " + expected.flags() + " " + expected.details());
        }
    }

    @Test
    void segmentsDoNotMatter() {
        var random = new Random(17);
        for (var answer : answers()) {
            var whole = inspected(answer, null);
            for (int round = 0; round < 5; round++) {
                var cut = inspected(answer, random);
                assertThat(cut.judged().findings())
                        .as(answer.name())
                        .isEqualTo(whole.judged().findings());
                assertThat(cut.judged().envoy())
                        .as(answer.name())
                        .isEqualTo(whole.judged().envoy());
            }
        }
    }

    @Test
    void whatEndsWithTheCaptureIsNoFault() {
        for (var answer : answers()) {
            var sent = ((WireScript) answer.source()).sent().latin1();
            var findings = inspected(answer, null).judged().findings();
            for (int length = 0; length < Math.min(sent.length(), 200); length++) {
                var wire = new Http2Wire().client(Http2Wire.CLIENT + request(answer));
                for (var response : wire.server(sent.substring(0, length)).end()) {
                    assertThat(findings)
                            .as("%s, %d bytes", answer.name(), length)
                            .extracting(each -> each.rule().id() + each.offset())
                            .containsAll(response.judged().findings().stream()
                                    .map(each -> each.rule().id() + each.offset())
                                    .toList());
                }
            }
        }
    }

    private static InspectedResponse inspected(Scenario answer, @Nullable Random random) {
        return inspected(answer, random, new Http2Wire());
    }

    private static InspectedResponse inspected(Scenario answer, @Nullable Random random, Http2Wire wire) {
        wire.client(Http2Wire.CLIENT + request(answer));
        for (var step : ((WireScript) answer.source()).steps()) {
            switch (step) {
                case WireStep.Send send
                when random != null -> wire.server(send.bytes().latin1(), random);
                case WireStep.Send send -> wire.server(send.bytes().latin1());
                case WireStep.Close _ -> wire.fin(Direction.TO_CLIENT);
                case WireStep.Reset _ -> wire.reset(Direction.TO_CLIENT);
                case WireStep _ -> {}
            }
        }
        var found = wire.end();
        assertThat(found).as(answer.name()).hasSize(1);
        return found.getFirst();
    }

    private static String request(Scenario answer) {
        var method = answer.request().method();
        return Http2Wire.frame(
                1,
                0x5,
                1,
                Http2Wire.literal(":method", method) + "\u0086\u0084" + Http2Wire.literal(":authority", "a"));
    }
}
