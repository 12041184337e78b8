// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import upstreamreset.testing.Cli;

class HelpCommandTest {
    @Test
    void itPrintsWhatTheOptionPrints() {
        assertThat(Cli.run("help")).isEqualTo(Cli.run("--help"));
        assertThat(Cli.run("help", "inspect")).isEqualTo(Cli.run("inspect", "--help"));
        assertThat(Cli.run("help", "help")).isEqualTo(Cli.run("help", "--help"));
    }

    @Test
    void aCommandThatThereIsNotIsAWrongCommandLine() {
        var result = Cli.run("help", "inspct");
        assertThat(result.exitCode()).isEqualTo(Main.USAGE);
        assertThat(result.errors())
                .startsWith("upstream-reset help: there is no command 'inspct'; did you mean inspect?");
        assertThat(Cli.run("help", "xyzzy").errors())
                .startsWith("upstream-reset help: there is no command 'xyzzy'; the commands are ");
        assertThat(Cli.run("exlpain", "x").errors())
                .startsWith("upstream-reset: there is no command 'exlpain'; did you mean explain?");
    }

    @Test
    void aSecondWordIsOneTooMany() {
        assertThat(Cli.run("help", "inspect", "explain").errors())
                .startsWith("upstream-reset help: 'explain' is one word too many: help takes one COMMAND\n");
        assertThat(Cli.run("completion", "bash", "zsh").errors())
                .startsWith("upstream-reset completion: 'zsh' is one word too many: completion takes one SHELL\n");
    }
}
