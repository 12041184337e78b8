// SPDX-License-Identifier: Apache-2.0
package upstreamreset.election.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TurnLogTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final TurnLog log = new TurnLog();
    private long now = Long.MAX_VALUE - SECOND;

    /** For how many turns each line stands that is due in the next turns. */
    private List<Integer> lines(int turns) {
        return IntStream.range(0, turns)
                .map(_ -> log.next(now += SECOND))
                .filter(count -> count > 0)
                .boxed()
                .toList();
    }

    @Test
    void theFirstMinutesAreLoggedTurnByTurn() {
        assertThat(lines(TurnLog.MAX_LOGGED)).hasSize(TurnLog.MAX_LOGGED).containsOnly(1);
    }

    @Test
    void thenOneLineAMinuteStandsForItsTurns() {
        lines(TurnLog.MAX_LOGGED);
        assertThat(lines(TurnLog.MINUTE - 1)).isEmpty();
        assertThat(lines(1)).containsExactly(TurnLog.MINUTE);
        assertThat(lines(86_400)).hasSize(1_440).containsOnly(TurnLog.MINUTE);
    }

    @Test
    void aLeaderThatWasHeldUpIsLoggedTurnByTurnAgain() {
        lines(TurnLog.MAX_LOGGED + 10);
        now += 10 * SECOND;
        assertThat(lines(3)).containsExactly(11, 1, 1);
        assertThat(lines(TurnLog.MAX_LOGGED)).hasSize(TurnLog.MAX_LOGGED - 3);
        assertThat(lines(TurnLog.MINUTE - 3)).containsExactly(TurnLog.MINUTE);
    }
}
