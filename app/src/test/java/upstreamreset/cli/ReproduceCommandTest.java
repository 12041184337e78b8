// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import upstreamreset.testing.Cli;

/** What {@code reproduce} refuses, before it starts anything. */
class ReproduceCommandTest {
    @Test
    void anUnknownScenarioIsAUsageErrorWithTheNearestName() {
        var result = Cli.run("reproduce", "wrnog");

        assertThat(result.exitCode()).isEqualTo(Main.USAGE);
        assertThat(result.output()).isEmpty();
        assertThat(result.errors())
                .startsWith("upstream-reset reproduce: there is no scenario 'wrnog'; did you mean wrong")
                .doesNotContain("\tat ");
    }

    @Test
    void anUnwritableCaptureIsRefusedBeforeAnythingRuns(@TempDir Path folder) throws IOException {
        var nowhere = folder.resolve("nowhere/wrong.pcapng");
        var result = Cli.run("reproduce", "wrong", "--capture", nowhere.toString(), "--envoy", "/nonexistent");

        assertThat(result.exitCode()).isEqualTo(Main.UNREAD);
        assertThat(result.errors()).contains(nowhere.toString(), "there is no folder");
        try (var left = Files.list(folder)) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void anEnvoyThatIsNotThereIsNamed() {
        var result = Cli.run("reproduce", "wrong", "--envoy", "/nonexistent/envoy");

        assertThat(result.exitCode()).isEqualTo(Main.UNREAD);
        assertThat(result.errors()).contains("--envoy", "/nonexistent/envoy").doesNotContain("\tat ");
    }

    @Test
    void aForeignEnvoyIsNamed() {
        var result = Cli.run("reproduce", "wrong", "--envoy", "/bin/true");

        assertThat(result.exitCode()).isEqualTo(Main.UNREAD);
        assertThat(result.errors()).contains("/bin/true").doesNotContain("\tat ");
    }

    @Test
    void anUnknownOutputFormatIsAUsageError() {
        var result = Cli.run("reproduce", "--output", "yaml");

        assertThat(result.exitCode()).isEqualTo(Main.USAGE);
        assertThat(result.errors()).contains("--output", "yaml", "expects text or json");
    }

    @Test
    void debugShowsTheStackTrace() {
        assertThat(Cli.run("reproduce", "--debug", "--envoy", "/bin/true").errors())
                .contains("\tat upstreamreset.");
    }
}
