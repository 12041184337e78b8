// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import upstreamreset.testing.Cli;
import upstreamreset.testing.RealParts;
import upstreamreset.testing.Shell;

/** The scripts of {@code completion}, each in its shell, with the program of the jar on PATH. */
class CompletionShellIT {
    @TempDir
    private Path folder;

    @BeforeEach
    void putTheProgramOnPath() throws IOException {
        var program = folder.resolve("upstream-reset");
        Files.writeString(
                program,
                "#!/bin/sh\nexec '" + System.getProperty("java.home") + "/bin/java' -jar '"
                        + RealParts.jar().toAbsolutePath() + "' \"$@\"\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();
        Files.createFile(folder.resolve("a capture.pcap"));
    }

    @Test
    void bash() throws Exception {
        var complete = """
                source "$1"
                complete -p upstream-reset
                COMP_LINE=$2 COMP_POINT=${#2}
                _upstream_reset
                printf '%s\\n' "${COMPREPLY[@]}"
                """;
        assertThat(run("bash", complete, "upstream-reset insp"))
                .containsExactly("complete -o default -F _upstream_reset upstream-reset", "inspect");
        assertThat(run("bash", complete, "upstream-reset inspect --output=j"))
                .contains("json")
                .doesNotContain("text");
        assertThat(run("bash", complete, "upstream-reset help ")).contains("explain", "probe");
    }

    @Test
    void zsh() throws Exception {
        // What zsh's own completion would do with them.
        var complete = """
                compdef() { print "compdef $*" }
                _describe() { print -l -- "${(P@)2}" }
                _files() { print files }
                compset() { print "compset $*" }
                source $1
                words=("${(@s: :)2}") CURRENT=$#words
                _upstream-reset
                """;
        assertThat(run("zsh", complete, "upstream-reset insp"))
                .hasSize(2)
                .startsWith("compdef _upstream-reset upstream-reset")
                .last()
                .asString()
                .startsWith("inspect:Reads captures");
        assertThat(run("zsh", complete, "upstream-reset inspect a")).endsWith("files");
        assertThat(run("zsh", complete, "upstream-reset inspect --output=j")).endsWith("compset -P *=", "json");
    }

    @Test
    void fish() throws Exception {
        var complete = "source $argv[1]; complete -C $argv[2]";
        assertThat(run("fish", complete, "upstream-reset insp"))
                .singleElement()
                .asString()
                .startsWith("inspect\tReads captures");
        assertThat(run("fish", complete, "upstream-reset inspect a")).containsExactly("a capture.pcap");
        assertThat(run("fish", complete, "upstream-reset inspect --output=j")).containsExactly("--output=json");
    }

    /** What the shell prints that runs the commands with the script's path and the typed line, in the folder. */
    private List<String> run(String shell, String commands, String typed) throws Exception {
        var program = RealParts.program(shell);
        var script = folder.resolve("completion." + shell);
        Files.writeString(script, Cli.run("completion", shell).output());
        var command = new ArrayList<>(List.of(program.toString(), "-c", commands));
        if (!shell.equals("fish")) {
            command.add(shell);
        }
        command.addAll(List.of(script.toString(), typed));
        var builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().merge("PATH", folder.toString(), (path, ours) -> ours + ":" + path);
        return Shell.run(builder).text().lines().toList();
    }
}
