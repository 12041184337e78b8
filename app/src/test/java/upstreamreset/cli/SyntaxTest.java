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
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
                    --debug                          | upstream-reset | the command is missing; the commands are {commands}
                    inspct                           | upstream-reset | there is no command 'inspct'; did you mean inspect?
                    xyzzy                            | upstream-reset | there is no command 'xyzzy'; the commands are {commands}
                    wrong --output json              | upstream-reset | there is no command 'wrong'; the commands are {commands}
                    inspect                          | inspect | at least one FILE is needed
                    inspect --alll                   | inspect | there is no option --alll; did you mean --all?
                    sidecar --nosuch                 | sidecar | there is no option --nosuch
                    sidecar                          | sidecar | URL is missing
                    completion                       | completion | SHELL is missing
                    probe --hepl                     | probe   | there is no option --hepl; did you mean --help?
                    inspect --html                   | inspect | --html needs a value: --html=FILE
                    inspect --html --all c           | inspect | --html needs a value: --html=FILE
                    inspect --html a --html b c      | inspect | --html is given twice; give it once
                    inspect --output json --output=text c | inspect | --output is given twice; give it once
                    inspect --output xml c           | inspect | --output expects text or json, not 'xml'
                    inspect --al c                   | inspect | there is no option --al; did you mean --all?
                    inspect --all=yes c              | inspect | --all takes no value, not 'yes'
                    matrix --column envoy,foo        | matrix  | --column expects envoy, nginx, haproxy, curl, jdk or go, not 'foo'
                    probe -X                         | probe   | --request needs a value: --request=METHOD
                    probe --max-bytes=1k a           | probe   | --max-bytes expects a whole number, not '1k'
                    probe --timeout=soon a           | probe   | --timeout expects a time such as 250ms, 1.5s or 2 (seconds), not 'soon'
                    serve now                        | serve   | 'now' is one word too many: serve takes options only
                    serve --ca\u202Efe                  | serve   | there is no option --ca?fe
                    """)
    void aWrongCommandLineIsOneSentence(String line, String command, String sentence) {
        var name = command.equals("upstream-reset") ? command : "upstream-reset " + command;
        var result = Cli.run(line.split(" "));
        assertThat(result.exitCode()).isEqualTo(Main.USAGE);
        var said = sentence.replace("{commands}", String.join(", ", Main.COMMANDS.keySet()));
        assertThat(result.errors()).isEqualTo(name + ": " + said + "\nTry '" + name + " --help'.\n");
    }
}
