// SPDX-License-Identifier: Apache-2.0
package upstreamreset.election;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TermHistoryTest {
    private static final Instant START = Instant.parse("2026-11-29T12:00:00Z");

    private final TermHistory history = new TermHistory();

    @Test
    void aReleaseEndsATermAndTheNextBeginsAfterAGap() {
        see("a_1", 1, 0, 0);
        see("a_1", 1, 0, 2_000);
        history.see(new LeaseRecord("u", "3", "", "", LeaseRecord.RELEASED_SECONDS, 1, at(2_500), at(2_500)), START);
        see("b_1", 2, 2_750, 2_750);

        assertThat(history.terms())
                .containsExactly(
                        new SeenTerm("a", 1, at(0), Optional.of(at(2_500)), Optional.empty()),
                        new SeenTerm("b", 2, at(2_750), Optional.empty(), Optional.of(Duration.ofMillis(250))));
    }

    @Test
    void aLeaderThatWasKilledLedUntilItsLastRenewal() {
        see("a_1", 1, 0, 0);
        see("a_1", 1, 0, 4_000);
        see("b_1", 2, 19_100, 19_100);

        assertThat(history.terms().getFirst().until()).contains(at(4_000));
        assertThat(history.terms().getLast().gap()).contains(Duration.ofMillis(15_100));
    }

    @Test
    void aRenewalChangesNothingThatIsShown() {
        see("a_1", 1, 0, 0);
        var before = history.terms();
        see("a_1", 1, 0, 2_000);

        assertThat(history.terms()).isSameAs(before);
    }

    @Test
    void itIsBoundedAndTakesAnyHolder() {
        for (int i = 1; i <= TermHistory.MAX_KEPT + 10; i++) {
            see("x".repeat(1_000) + i, i, i * 1_000L, i * 1_000L);
        }

        assertThat(history.terms()).hasSize(TermHistory.MAX_KEPT);
        assertThat(history.terms().getLast().holder()).hasSizeLessThanOrEqualTo(100);
    }

    private void see(String holder, int transitions, long acquired, long renewed) {
        history.see(new LeaseRecord("u", "v" + renewed, "", holder, 15, transitions, at(acquired), at(renewed)), START);
    }

    private static Instant at(long millis) {
        return START.plusMillis(millis);
    }
}
