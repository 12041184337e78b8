// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** How help and messages name the program. */
class ProgramNameTest {
    @Test
    void onlyThePluginIsNamedAfterKubectl() {
        assertThat(ProgramName.in(Map.of())).isEqualTo("upstream-reset");
        assertThat(ProgramName.in(Map.of(ProgramName.VARIABLE, "kubectl"))).isEqualTo("kubectl upstream-reset");
        assertThat(ProgramName.in(Map.of(ProgramName.VARIABLE, "\u001b[2J"))).isEqualTo("upstream-reset");
    }

    @Test
    void theCommandLinesOfTheHelpBeginWithTheName() {
        assertThat(ProgramName.help(
                        "kubectl upstream-reset", "  tcpdump | upstream-reset inspect -", "of upstream-reset."))
                .containsExactly("  tcpdump | kubectl upstream-reset inspect -", "of upstream-reset.");
        assertThat(ProgramName.help("kubectl upstream-reset", "  scripts/upstream-reset inspect -"))
                .containsExactly("  scripts/upstream-reset inspect -");
    }
}
