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

/**
 * Each command's --help is help/COMMAND.golden.
 *
 * <p>After a wanted change: {@code scripts/mvn -o test -pl app -Dtest=HelpTest -Dgolden.update=true}, and read the diff.
 */
class HelpTest {
    private static final Path GOLDEN = Path.of("src/test/resources/help");
    private static final boolean UPDATE = Boolean.getBoolean("golden.update");

    @TestFactory
    Stream<DynamicTest> theHelpIsTheGoldenFile() {
        return Stream.concat(Stream.of(""), commands())
                .map(command -> DynamicTest.dynamicTest("help " + command, () -> {
                    var file = GOLDEN.resolve((command.isEmpty() ? "upstream-reset" : command) + ".golden");
                    var help = help(command);
                    if (UPDATE) {
                        Files.createDirectories(GOLDEN);
                        Files.writeString(file, help);
                    }
                    assertThat(help).isEqualTo(Files.readString(file));
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
        return out.toString().replace(System.lineSeparator(), "\n");
    }
}
