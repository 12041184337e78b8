// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import upstreamreset.testing.Recording;

/** scripts/upstream-reset on a terminal of its own: its width, its colours, and progress. */
class TerminalIT {
    private static final String CAPTURE = "lib/training.pcap.gz";
    private static final String LINE =
            "'GET /wrong HTTP/1.1\" 502 UPE upstream_reset_before_response_started{protocol_error}'";
    private static final String ASKING = "./upstream-reset matrix wrong correct --column jdk";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"60, 60", "200, 100", "20, 55"})
    void linesOfTextAreAsLongAsTheTerminalIsWideAndNotTooLong(int columns, int longest) throws Exception {
        for (var command : List.of("--help", "explain --help", "explain " + LINE, "inspect " + CAPTURE)) {
            var shown = plain(recorded(columns, "./upstream-reset " + command + " 2>/dev/null"));
            assertThat(shown).as(command).isNotEmpty();
            assertThat(shown.lines()
                            .filter(line -> line.codePointCount(0, line.length()) > longest)
                            .filter(line -> !line.matches("\\s*(\\$ |>? +\\d+  |> |\").*|.*\\S {3,}\\S.*"))
                            // One word.
                            .filter(line -> line.strip().contains(" ")))
                    .as(command)
                    .isEmpty();
        }
    }

    @Test
    void aScriptThatIsPrintedToBeCopiedIsNotWrapped() throws Exception {
        for (var shell : CompletionCommand.SHELLS) {
            assertThat(recorded(60, "./upstream-reset completion " + shell + " --color=always"))
                    .as(shell)
                    .isEqualTo(Files.readString(Path.of("src/main/resources/upstreamreset/cli/completion." + shell)));
        }
    }

    @Test
    void verdictsAreInColourOnATerminalAlone() throws Exception {
        var command = "./upstream-reset explain " + LINE;
        assertThat(recorded(100, command)).contains("\u001b[31m502 UPE\u001b[0m");
        assertThat(recorded(100, "NO_COLOR=1 " + command)).doesNotContain("\u001b");
        assertThat(recorded(100, "TERM=dumb " + command)).doesNotContain("\u001b");
        assertThat(recorded(100, command + " --color=never")).doesNotContain("\u001b");
        assertThat(recorded(100, command + " | cat")).doesNotContain("\u001b");
        assertThat(recorded(100, command + " --color=always | cat")).contains("\u001b[31m502 UPE\u001b[0m");
        assertThat(recorded(100, command + " --output json")).doesNotContain("\u001b");
    }

    @Test
    void progressIsALineThatRewritesItselfWhereStderrIsATerminal() throws Exception {
        assertThat(recorded(80, ASKING)).contains("\r\u001b[Kasking [");
        assertThat(recorded(80, ASKING + " >/dev/null")).contains("\r\u001b[Kasking [");
        assertThat(recorded(80, ASKING + " </dev/null")).contains("\r\u001b[Kasking [");
        assertThat(recorded(80, "TERM=dumb " + ASKING)).contains("asking\n").doesNotContain("\u001b");
        assertThat(recorded(80, ASKING + " 2>&1 | cat")).contains("asking\n").doesNotContain("\u001b", "asking [");
        recorded(80, ASKING + " 2>'" + folder + "/errors'");
        assertThat(folder.resolve("errors")).content().contains("asking\n").doesNotContain("\u001b", "asking [");
    }

    private String recorded(int columns, String command) throws IOException, InterruptedException {
        try (var recording = Recording.start(folder, columns, command)) {
            return recording.end();
        }
    }

    private static String plain(String shown) {
        return shown.replaceAll("\u001b\\[[0-9;]*m", "");
    }
}
