// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import upstreamreset.testing.Cli;

/** Command lines as people write them, well and badly. */
class SyntaxTest {
    private final List<String> given = new ArrayList<>();
    private final List<String> operands = new ArrayList<>(List.of("before"));
    private final List<Integer> numbers = new ArrayList<>();

    @Test
    void fieldsHaveWhatWasWrittenAndKeepTheirFirstValueOtherwise() {
        parse("--number=1", "a", "--flag", "--number", "2,3", "b", "--name", "c");
        assertThat(given).containsExactly("flag true", "name c");
        assertThat(operands).containsExactly("a", "b");
        assertThat(numbers).containsExactly(1, 2, 3);
    }

    @Test
    void whatWasNotWrittenSetsNothing() {
        parse();
        assertThat(given).isEmpty();
        assertThat(operands).containsExactly("before");
        assertThat(numbers).isEmpty();
    }

    private void parse(String... args) {
        var syntax = new Syntax(CommandSpec.create());
        syntax.flag("--flag", value -> given.add("flag " + value));
        syntax.option("--name", "NAME", String.class, value -> given.add("name " + value));
        syntax.repeated("--number", "N", Integer.class, numbers).splitRegex(",");
        syntax.operands("OPERAND", 0, operands);
        new CommandLine(syntax.complete()).parseArgs(args);
    }

    static Set<String> commands() {
        return Main.COMMANDS.keySet();
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandTellsTheVersion(String command) throws Exception {
        var result = Cli.run(command, "--version");
        assertThat(result).isEqualTo(new Cli.Result(Main.CLEAN, "upstream-reset " + Version.text() + "\n", ""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--debug inspect /nowhere",
                "inspect --debug /nowhere",
                "inspect /nowhere --debug",
                "--debug inspect /nowhere --debug"
            })
    void debugIsTakenBeforeAndAfterTheCommand(String line) {
        assertThat(Cli.run(line.split(" ")).errors())
                .startsWith("upstream-reset inspect: cannot read /nowhere: there is no such file\n")
                .contains("\tat upstreamreset.");
        assertThat(Cli.run("inspect", "/nowhere").errors()).hasLineCount(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    --debug                                | upstream-reset | Missing required subcommand
                    inspct                                 | upstream-reset | Unmatched argument at index 0: 'inspct'
                    inspect                                | inspect  | Missing required parameter: 'FILE'
                    inspect --html                         | inspect  | Missing required parameter for option '--html' (FILE)
                    inspect --html a --html b c            | inspect  | option '--html' (FILE) should be specified only once
                    inspect --output json --output=text c  | inspect  | option '--output' (FORMAT) should be specified only once
                    inspect --output xml c                 | inspect  | Invalid value for option '--output': expected one of [TEXT, JSON] (case-insensitive) but was 'xml'
                    inspect --al c                         | inspect  | Unknown option: '--al'
                    matrix --column envoy,foo              | matrix   | Invalid value for option '--column' (NAME): expected one of [ENVOY, NGINX, HAPROXY, CURL, JDK, GO] (case-insensitive) but was 'foo'
                    probe -X                               | probe    | Missing required parameter for option '--request' (METHOD)
                    probe --timeout=soon a                 | probe    | --timeout expects a time such as 250ms, 1.5s or 2 (seconds), not 'soon'
                    serve now                              | serve    | Unmatched argument at index 1: 'now'
                    """)
    void aWrongCommandLineIsOneSentence(String line, String command, String sentence) {
        var name = command.equals("upstream-reset") ? command : "upstream-reset " + command;
        var result = Cli.run(line.split(" "));
        assertThat(result.exitCode()).isEqualTo(Main.USAGE);
        assertThat(result.errors()).startsWith(name + ": " + sentence).endsWith("\nTry '" + name + " --help'.\n");
    }

    @Test
    void anUnknownWordIsToldTheNearest() {
        assertThat(Cli.run("inspct").errors()).contains("inspect");
        assertThat(Cli.run("inspect", "--al", "c").errors()).contains("--all");
    }
}
