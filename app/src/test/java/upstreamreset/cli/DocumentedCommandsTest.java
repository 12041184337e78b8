// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine.Model.CommandSpec;

/** Commands, options and scripts that the documents name exist. */
class DocumentedCommandsTest {
    private static final Path ROOT = Path.of("..");

    /** A command line of the tool, to its end or to what ends it in a shell or in Markdown. */
    private static final Pattern TOOL =
            Pattern.compile("(?<![\\w/.-])(?:scripts/|kubectl )?upstream-reset ([^`|;&>#\\n]*)");

    private static final Pattern REPRODUCE = Pattern.compile("scripts/reproduce([^`|;&>#\\n]*)");
    private static final Pattern SCRIPT = Pattern.compile("(?<![\\w/.-])scripts/([a-z-]+)(?![\\w./])([^`|;&>#\\n]*)");
    private static final Pattern OPTION = Pattern.compile("(?<= )(--[a-z][a-z0-9-]*)");

    @ParameterizedTest
    @MethodSource("upstreamreset.DocumentsTest#documents")
    void eachCommandAndItsOptionsExist(Path document) throws IOException {
        for (var line : TOOL.matcher(Files.readString(document)).results().toList()) {
            check(line.group(1).strip());
        }
        for (var line : REPRODUCE.matcher(Files.readString(document)).results().toList()) {
            check("reproduce" + line.group(1));
        }
    }

    private static void check(String commandLine) {
        var words = List.of(commandLine.split(" +"));
        var command = words.getFirst();
        // Prose ("upstream-reset reads your logs"), a placeholder, or an option of the root.
        if (!command.matches("[a-z]+") || prose(words)) {
            return;
        }
        assertThat(Main.COMMANDS).as(commandLine).containsKey(command);
        var spec = Objects.requireNonNull(Main.COMMANDS.get(command))
                .get()
                .commandLine()
                .getCommandSpec();
        OPTION.matcher(commandLine.replaceFirst(" -- .*", ""))
                .results()
                .forEach(option -> assertThat(options(spec)).as(commandLine).contains(option.group(1)));
    }

    private static boolean prose(List<String> words) {
        return !Main.COMMANDS.containsKey(words.getFirst()) && words.stream().noneMatch(word -> word.startsWith("-"));
    }

    private static List<String> options(CommandSpec spec) {
        return Stream.concat(spec.options().stream(), Main.rootSpec().options().stream())
                .flatMap(option -> Stream.of(option.names()))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("upstreamreset.DocumentsTest#documents")
    void eachScriptAndItsOptionsExist(Path document) throws IOException {
        for (var line : SCRIPT.matcher(Files.readString(document)).results().toList()) {
            var script = ROOT.resolve("scripts").resolve(line.group(1));
            assertThat(script).as(line.group()).exists();
            if (Files.isRegularFile(script) && !line.group(1).matches("upstream-reset|reproduce|mvn")) {
                var text = Files.readString(script) + libraries();
                OPTION.matcher(line.group(2).replaceFirst(" -- .*", ""))
                        .results()
                        .forEach(option -> assertThat(text).as(line.group()).contains(option.group(1)));
            }
        }
    }

    private static String libraries() throws IOException {
        var text = new StringBuilder();
        try (var files = Files.list(ROOT.resolve("scripts/lib"))) {
            for (var file :
                    files.filter(each -> each.toString().endsWith(".sh")).toList()) {
                text.append(Files.readString(file));
            }
        }
        return text.toString();
    }
}
