// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import upstreamreset.testing.Cli;
import upstreamreset.testing.RealParts;
import upstreamreset.testing.Shell;

/** The jar where nobody takes its output: a full disk is told and is no success, a closed pipe is neither. */
class LostOutputIT {
    private static final String LINE =
            "GET / HTTP/1.1\" 502 UPE upstream_reset_before_response_started{protocol_error}";

    /** Makes stdout a pipe whose other end is closed, and becomes the command behind it. */
    private static final String INTO_CLOSED_PIPE =
            "python3 -c 'import os,sys; r,w=os.pipe(); os.dup2(w,1); os.close(r); os.execvp(sys.argv[1],sys.argv[1:])' ";

    static Stream<String> commands() {
        return Main.COMMANDS.keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("commands")
    void theHelpOfEachCommand(String command) throws Exception {
        assertThat(run(jar(command + " --help") + " >/dev/full"))
                .isEqualTo("the result could not be written: No space left on device\n3\n");
        assertThat(run(INTO_CLOSED_PIPE + jar(command + " --help"))).isEqualTo("0\n");
    }

    /** Findings are told by the exit code, whatever became of their words. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            explain 'LINE'                                    | 1
            explain --list                                    | 3
            inspect ../scripts/lib/training.pcap.gz           | 1
            inspect --output json - < ../scripts/lib/training.pcap.gz | 1
            scenarios                                         | 3
            scenarios --output json                           | 3
            matrix correct --column jdk                       | 3
            probe 127.0.0.1:1                                 | 3
            reproduce correct                                 | 3
            reproduce wrong --output json                     | 3
            completion zsh                                    | 3
            help inspect                                      | 3
            --version                                         | 3
            """)
    void theResultOfEachCommand(String words, int code) throws Exception {
        if (words.startsWith("reproduce")) {
            RealParts.envoy();
        }
        var command = jar(words.replace("LINE", LINE));
        var full = run(command + " >/dev/full");
        assertThat(full)
                .contains("the result could not be written: No space left on device\n")
                .endsWith(code + "\n")
                .doesNotContain("\tat ");
        var closed = run(INTO_CLOSED_PIPE + command);
        int without = words.startsWith("probe") || code == Main.FOUND ? code : Main.CLEAN;
        assertThat(closed).doesNotContain("could not be written", "\tat ").endsWith(without + "\n");
    }

    /** As of a log that goes on, behind {@code | head}: what comes next ends it. */
    @Test
    void whatNobodyReadsIsNotReadForEver() throws Exception {
        var live = "while printf '%s\\n' '" + LINE + "'; do sleep 1; done 2>/dev/null | timeout 300 " + INTO_CLOSED_PIPE
                + jar("explain");
        assertThat(run(live)).endsWith("1\n").doesNotContain("\tat ");
        var capture = "{ gzip -dc ../scripts/lib/training.pcap.gz;"
                + " while gzip -dc ../scripts/lib/training.pcap.gz | tail -c +25; do :; done; } 2>/dev/null | timeout 300 "
                + INTO_CLOSED_PIPE + jar("inspect --all -");
        assertThat(run(capture)).endsWith("1\n").doesNotContain("\tat ");
    }

    /** What stdin is read from is an input too, and what stdout goes to an output. */
    @Test
    void noFileIsReadAndWritten(@TempDir Path folder) throws Exception {
        var file = folder.resolve("file");
        Files.copy(Path.of("../scripts/lib/training.pcap.gz"), file);
        var before = Files.readAllBytes(file);

        assertThat(run(jar("inspect - --report " + file) + " <" + file))
                .contains("--report would replace " + file + ", which is read")
                .endsWith("2\n");
        assertThat(run(jar("inspect " + file) + " >>" + file))
                .contains("stdout goes to the file that is read")
                .endsWith("2\n");
        assertThat(run(jar("explain") + " <" + file + " >>" + file)).endsWith("2\n");
        assertThat(run(jar("scenarios --output json") + " >" + folder.resolve("out")))
                .endsWith("0\n");

        assertThat(file).hasBinaryContent(before);
    }

    private static String jar(String words) {
        return "'" + String.join("' '", Cli.jarCommand()) + "' " + words;
    }

    /** What is said on stderr, and the exit code. */
    private static String run(String command) throws Exception {
        var said = Shell.bash(Path.of("."), "NO_COLOR=1; " + command);
        return said.text() + said.code() + "\n";
    }
}
