// SPDX-License-Identifier: Apache-2.0
package upstreamreset.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class StreamPlanTest {
    private final StreamPlan plan = StreamPlan.chunked(ServeOptions.onFreePort());

    @Test
    void chunksAreDueEachSecondAndTheEndATenthLater() {
        assertThat(plan.dueNanos(0)).isEqualTo(millis(1000));
        assertThat(plan.dueNanos(4)).isEqualTo(millis(5000));
        assertThat(plan.dueNanos(5)).isEqualTo(millis(5100));
    }

    @Test
    void whatIsDueDependsOnTheTimeSinceTheRequestAlone() {
        assertThat(plan.dueAfter(millis(999))).isZero();
        assertThat(plan.dueAfter(millis(1000))).isEqualTo(1);
        assertThat(plan.dueAfter(millis(3700))).isEqualTo(3);
        assertThat(plan.dueAfter(millis(5099))).isEqualTo(5);
        assertThat(plan.dueAfter(millis(5100))).isEqualTo(6);
        assertThat(plan.dueAfter(millis(99_999))).isEqualTo(6);
        assertThat(plan.isComplete(5)).isFalse();
        assertThat(plan.isComplete(6)).isTrue();
    }

    private static long millis(long millis) {
        return Duration.ofMillis(millis).toNanos();
    }
}
