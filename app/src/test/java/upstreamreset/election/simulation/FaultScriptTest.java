// SPDX-License-Identifier: Apache-2.0
package upstreamreset.election.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FaultScriptTest {
    @Test
    void everyFaultIsReadBackAsItIsWritten() {
        var steps = RandomFaults.schedule(3, 400, 9, Duration.ofSeconds(15), Duration.ofSeconds(60));
        var script = String.join("\n", steps.stream().map(FaultScript::text).toList());

        assertThat(FaultScript.parse(script)).isEqualTo(steps);
        assertThat(steps.stream().map(step -> step.fault().getClass()).distinct())
                .hasSize(Fault.class.getPermittedSubclasses().length);
    }

    @Test
    void commentsAndBlankLinesAreSkipped() {
        assertThat(FaultScript.parse("# the leader dies\n\n  12.5s kill leader # now\n"))
                .isEqualTo(List.of(new Step(Duration.ofMillis(12_500), new Fault.Kill("leader"))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kill leader",
                "12s",
                "12s kill",
                "12s freeze a",
                "12s freeze a for ever",
                "12s freeze a for -1s",
                "-1s kill a",
                "12s errors 200 for 3s",
                "12s edit-lease upside-down",
                "12s kill a b",
                "12x kill a",
                "99999999999999s kill a",
                "12s slow 1s"
            })
    void aLineThatIsNoFaultIsRefusedByItsNumber(String line) {
        assertThatThrownBy(() -> FaultScript.parse("1s kill a\n" + line))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("line 2: ");
    }
}
