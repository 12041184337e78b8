// SPDX-License-Identifier: Apache-2.0
package upstreamreset.election.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ShrinkerTest {
    @Test
    void onlyTheStepsThatTheFailureNeedsAreLeft() {
        var steps = IntStream.range(0, 40).boxed().toList();

        assertThat(Shrinker.shrink(steps, each -> each.containsAll(List.of(3, 17, 39))))
                .containsExactly(3, 17, 39);
    }

    @Test
    void nothingIsLeftOfWhatFailsAnyhow() {
        assertThat(Shrinker.shrink(List.of(1, 2, 3), each -> true)).isEmpty();
    }
}
