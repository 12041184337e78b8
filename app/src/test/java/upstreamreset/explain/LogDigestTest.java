// SPDX-License-Identifier: Apache-2.0
package upstreamreset.explain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import upstreamreset.accesslog.AccessLogParserTest;
import upstreamreset.accesslog.LogReader;

class LogDigestTest {
    private static final String WRONG = AccessLogParserTest.WRONG.replaceFirst("4f7c[^\"]*", "ID");
    private static final String REFUSED = "502 UPE upstream_reset_before_response_started{protocol_error}";
    private static final String CODEC =
            "[2026-11-22 20:00:00.123][15][debug][client] Error dispatching received data: ";

    private final LogDigest digest = new LogDigest(new LogReader(), new Explainer(Optional.empty()));

    @Test
    void theCodecsMessagesBelongToTheRefusedResponsesInTheirOrder() {
        add("fine", "200 - via_upstream");
        add("first", REFUSED);
        digest.add(CODEC + "one");
        add("closed", "503 UC upstream_reset_before_response_started{connection_termination}");
        add("second", "502 - upstream_reset_before_response_started{protocol_error}");
        digest.add(CODEC + "two");
        digest.add(CODEC + "three");
        digest.add(CODEC + "three");
        assertThat(digest.explanations())
                .extracting(Explanation::codec)
                .containsExactly(Optional.empty(), Optional.of("one"), Optional.empty(), Optional.of("two"));
        assertThat(digest.unclaimedCodecMessages()).containsExactly("three");
    }

    @Test
    void fromTwentyOneRequestsOnALogIsASummary() {
        for (int i = 0; i < 20; i++) {
            add("id-" + i, REFUSED);
        }
        assertThat(digest.isLong()).isFalse();
        assertThat(digest.explanations()).hasSize(20);
        add("last", REFUSED);
        assertThat(digest.isLong()).isTrue();
        assertThat(digest.explanations()).hasSize(1);
    }

    @Test
    void theExampleOfALongLogHasTheLinesOfItsOtherHops() {
        for (int i = 0; i < 30; i++) {
            add("id-" + i, REFUSED);
            digest.add(WRONG.replace("ID", "id-" + i)
                    .replace(REFUSED, "502 - via_upstream")
                    .replace("inbound|8080||", "outbound|8080||a"));
        }
        assertThat(digest.explanations())
                .as("both ways to fail have the same request as example")
                .singleElement()
                .satisfies(each -> assertThat(each.hops()).hasSize(2));
    }

    @Test
    void namesThatAHostileClientMakesUpAreCountedTogetherAtSomePoint() {
        for (int i = 0; i < 10_050; i++) {
            digest.add(WRONG.replace("/wrong", "/" + i));
        }
        assertThat(digest.summary().paths().getFirst()).isEqualTo(new LogSummary.Count("(others)", 50));
    }

    private void add(String id, String what) {
        digest.add(WRONG.replace("ID", id).replace(REFUSED, what));
    }
}
