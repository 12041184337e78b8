// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;
import upstreamreset.testing.Cli;
import upstreamreset.testing.Golden;

class ElectionCommandTest {
    @Test
    void theDemoIsTheGoldenFile() throws Exception {
        var result = Cli.run("election");

        assertThat(result.exitCode()).isEqualTo(Main.CLEAN);
        Golden.holds("election-demo", result.output());
    }

    @Test
    void jsonTellsTheSame() {
        var result = Cli.run("election", "--output", "json", "--fault", "25s kill leader");

        var json = new JsonMapper().readTree(result.output());
        assertThat(json.path("overlaps")).isEmpty();
        assertThat(json.path("leaders")).hasSize(2);
        assertThat(json.path("leaders").get(0).path("candidate").asString()).isNotEmpty();
        assertThat(json.path("timeline"))
                .anySatisfy(entry -> assertThat(entry.path("event").asString()).isEqualTo("became-leader"));
        assertThat(result.output()).hasLineCount(1);
    }

    @Test
    void aSeedGivesTheSameRunAgainAndAnotherOneAnother() {
        var once = Cli.run("election", "--random", "8", "--seed", "3");

        assertThat(Cli.run("election", "--random", "8", "--seed", "3")).isEqualTo(once);
        assertThat(Cli.run("election", "--random", "8", "--seed", "4")).isNotEqualTo(once);
    }

    @Test
    void aScriptIsRead(@TempDir Path folder) throws Exception {
        var script = Files.writeString(folder.resolve("faults"), "# nobody\n20s kill a\n20s kill b\n20s kill c\n");

        assertThat(Cli.run("election", "--script", script.toString()).output())
                .contains("fault   kill a\n")
                .contains("No two worked at the same time.");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    --candidates=0               | --candidates must be between 1 and 500
                    --candidates=501             | --candidates must be between 1 and 500
                    --random=-1                  | --random must be between 0 and 1000
                    --length=0s                  | --length must be more than 0s and at most 24h
                    --lease-duration=5s          | The lease duration (5 s) must be longer than the renewal deadline (10 s)
                    --retry-period=9s            | The renewal deadline (10 s) must be longer than 1.2 times the retry period
                    --fault=20s kill z           | there is no candidate z
                    --fault=20s trip a           | "20s trip a" is not a fault: TIME and one of kill WHO
                    --script=/does/not/exist     | --script: cannot read /does/not/exist
                    """)
    void aWrongValueIsOneSentenceAndAHint(String argument, String sentence) {
        var result = Cli.run("election", argument);

        assertThat(result.exitCode()).isEqualTo(Main.USAGE);
        assertThat(result.output()).isEmpty();
        assertThat(result.errors())
                .startsWith("upstream-reset election: " + sentence)
                .endsWith("\nTry 'upstream-reset election --help'.\n")
                .hasLineCount(2);
    }
}
