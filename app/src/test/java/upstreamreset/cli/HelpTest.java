// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import upstreamreset.testing.Golden;

/** Each command's --help is help/COMMAND.golden, and docs/commands.md has them all. */
class HelpTest {
    private static final Path GOLDEN = Path.of("src/test/resources/help");
    private static final Path DOCUMENT = Path.of("../docs/commands.md");

    @TestFactory
    Stream<DynamicTest> theHelpIsTheGoldenFile() {
        return Stream.concat(Stream.of(""), commands())
                .map(command -> DynamicTest.dynamicTest("help " + command, () -> {
                    Golden.holds("help/" + (command.isEmpty() ? "upstream-reset" : command), help(command));
                }));
    }

    @Test
    void noGoldenFileIsLeftOfACommandThatIsGone() throws Exception {
        try (var files = Files.list(GOLDEN)) {
            assertThat(files.map(file -> file.getFileName().toString().replace(".golden", "")))
                    .isSubsetOf(Stream.concat(Stream.of("upstream-reset"), commands())
                            .toList());
        }
    }

    @Test
    void docsHasTheHelpOfEveryCommand() throws Exception {
        var page = new StringBuilder("""
                # Commands

                Every command with all its options, as `--help` prints them; `HelpTest` writes this page. The README has
                [one line for each](../README.md#commands), and [the exit codes](../README.md#commands).
                """);
        for (var command : Main.COMMANDS.keySet()) {
            page.append("\n## %s\n\n```\n%s```\n".formatted(command, help(command)));
        }
        Golden.holdsDocument(DOCUMENT, page.toString());
    }

    private static Stream<String> commands() {
        return Main.COMMANDS.keySet().stream().sorted();
    }

    private static String help(String command) {
        var out = new StringWriter();
        var err = new StringWriter();
        var arguments = command.isEmpty() ? new String[] {"--help"} : new String[] {command, "--help"};
        assertThat(Main.run(new PrintWriter(out), new PrintWriter(err), arguments))
                .isEqualTo(Main.CLEAN);
        assertThat(err.toString()).isEmpty();
        return out.toString();
    }
}
