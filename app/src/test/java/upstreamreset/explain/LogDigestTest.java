// SPDX-License-Identifier: Apache-2.0
package upstreamreset.explain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import upstreamreset.accesslog.LogField;
import upstreamreset.accesslog.LogLines;
import upstreamreset.accesslog.LogReader;
import upstreamreset.http1.Rule;
import upstreamreset.verdict.CodecReason;

class LogDigestTest {
    private static final LogLines REFUSED = LogLines.server();
    private static final String CODEC =
            "[2026-11-22 20:00:00.123][15][debug][client] Error dispatching received data: ";

    private final LogDigest digest = new LogDigest(new LogReader(), new Explainer(IstioVersion.UNKNOWN));

    @Test
    void theCodecsMessagesBelongToTheRefusedResponsesInTheirOrder() {
        add(REFUSED.id("fine").passedOn(200));
        add(REFUSED.id("first"));
        digest.add(CODEC + "one");
        add(REFUSED.id("closed").terminated());
        add(REFUSED.id("second").flags("-"));
        digest.add(CODEC + "two");
        digest.add(CODEC + "three");
        digest.add(CODEC + "three");
        assertThat(digest.explanations())
                .extracting(each -> each.codec().map(CodecRefusal::message))
                .containsExactly(Optional.empty(), Optional.of("one"), Optional.empty(), Optional.of("two"));
        assertThat(digest.unclaimedRefusals()).extracting(CodecRefusal::message).containsExactly("three");
    }

    @Test
    void theCodecsMessageMeetsTheRulesThatTheStatusAllows() {
        add(REFUSED);
        digest.add(CODEC + "http/1.1 protocol error: HPE_INVALID_EOF_STATE");
        digest.add(CODEC + "http/1.1 protocol error: HPE_INVALID_EOF_STATE");
        assertThat(digest.explanations().getFirst().codec().orElseThrow().rules())
                .as("a 502: the head was cut")
                .extracting(Rule::id)
                .containsExactly("cut-in-head");
        assertThat(digest.unclaimedRefusals().getFirst().rules())
                .as("of an unknown response")
                .isEqualTo(CodecReason.rules("HPE_INVALID_EOF_STATE"))
                .hasSize(2);
    }

    @Test
    void fromTwentyOneRequestsOnALogIsASummary() {
        for (int i = 0; i < 20; i++) {
            add(REFUSED.id("id-" + i));
        }
        assertThat(digest.isLong()).isFalse();
        assertThat(digest.explanations()).hasSize(20);
        add(REFUSED.id("last"));
        assertThat(digest.isLong()).isTrue();
        assertThat(digest.explanations()).hasSize(1);
    }

    @Test
    void theExampleOfALongLogHasTheLinesOfItsOtherHops() {
        for (int i = 0; i < 30; i++) {
            add(REFUSED.id("id-" + i));
            add(LogLines.client().id("id-" + i));
        }
        assertThat(digest.explanations())
                .as("both ways to fail have the same request as example")
                .singleElement()
                .satisfies(each -> assertThat(each.hops()).hasSize(2));
    }

    @Test
    void namesThatAHostileClientMakesUpAreCountedTogetherAtSomePoint() {
        for (int i = 0; i < 10_050; i++) {
            add(REFUSED.with(LogField.PATH, "/" + i));
        }
        assertThat(digest.summary().paths().getFirst()).isEqualTo(new LogSummary.Count("(others)", 50));
    }

    private void add(LogLines line) {
        digest.add(line.line());
    }
}
