// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import upstreamreset.testing.Cli;
import upstreamreset.testing.FreePort;
import upstreamreset.testing.RealParts;

/** What {@code sidecar} says without an Envoy that serves. */
class SidecarCommandTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            https://localhost:1            | let the app listen in plain text
            ftp://localhost:1              | speaks http and https
            localhost:1 node               | is one word too many; a COMMAND follows --
            localhost:1 --ask orders       | --ask expects a path that begins with /
            localhost:1 --junit x          | --junit writes a test case for each --ask
            localhost:1 --port 70000       | --port must be 1 to 65535
            localhost:1 --timeout soon     | --timeout expects a time
            localhost:1 --timeout 0        | --timeout is more than 0s
            localhost:1 --wait 99999h      | --wait must be at most 24h
            localhost:1 --istio-version 1.27 | 1.28, 1.29, 1.30, 1.31, 1.32
            localhost:1 --capture x --report x | name two
            localhost:1 --ask / --capture x --junit x | --capture and --junit name one file
            localhost:1 --ask / --junit x --report ./x | --junit and --report name one file
            localhost:1 --ask / -- /no/such/program | is not an executable program
            localhost:1 --ask / -- no-such-program-anywhere | is not on PATH
            """)
    void aWrongCommandLineIsASentence(String line, String sentence) {
        var words = new ArrayList<>(List.of("sidecar"));
        words.addAll(List.of(line.split(" +")));

        var result = Cli.run(words.toArray(new String[0]));

        assertThat(result.exitCode()).as(result.errors()).isEqualTo(Main.USAGE);
        assertThat(result.errors()).contains(sentence).contains("Try 'upstream-reset sidecar --help'");
    }

    @Test
    void aMeshFileThatIsNoneIsASentence() throws IOException {
        var mesh = Files.writeString(folder.resolve("mesh"), "\nsidecar rout {}\n");

        var result = Cli.run("sidecar", "localhost:1", "--mesh", mesh.toString());

        assertThat(result.exitCode()).isEqualTo(Main.USAGE);
        assertThat(result.errors())
                .contains("line 2: \"rout\" is not a part; they are listener, manager, route, cluster, bootstrap");
    }

    @Test
    void aMeshFileThatIsTooLongIsNotCut() throws IOException {
        var mesh = Files.writeString(folder.resolve("mesh"), "#" + "x".repeat(1 << 20));

        var result = Cli.run("sidecar", "localhost:1", "--mesh", mesh.toString());

        assertThat(result.exitCode()).isEqualTo(Main.USAGE);
        assertThat(result.errors()).contains("it has more than 1 MB");
    }

    @Test
    void anEnvoyThatCannotBeHadIsASentence() {
        var result = Cli.run(
                "sidecar", "localhost:1", "--envoy", folder.resolve("envoy").toString());

        assertThat(result.exitCode()).isEqualTo(Main.UNREAD);
        assertThat(result.errors().lines()).hasSize(1);
    }

    @Test
    void nobodyThatListensIsASentence() throws IOException {
        RealParts.envoy();
        var result = Cli.run("sidecar", Integer.toString(FreePort.find()), "--ask", "/");

        assertThat(result.exitCode()).isEqualTo(Main.UNREAD);
        assertThat(result.errors()).contains("nothing listens on localhost port", "--wait 30s");
    }

    @Test
    void aCommandThatEndsBeforeItListensIsASentence() throws IOException {
        RealParts.envoy();
        var result = Cli.run("sidecar", Integer.toString(FreePort.find()), "--", "sh", "-c", "echo no config; exit 7");

        assertThat(result.exitCode()).isEqualTo(Main.UNREAD);
        assertThat(result.errors()).contains("no config\n", "ended with exit code 7 before it listened on port");
    }

    @Test
    void aPortThatIsTakenIsASentence() throws IOException {
        RealParts.envoy();
        try (var taken = new ServerSocket(0, 5, InetAddress.ofLiteral("127.0.0.1"))) {
            var port = Integer.toString(taken.getLocalPort());

            var listens = Cli.run("sidecar", port, "--port", port);
            var starts = Cli.run("sidecar", port, "--", "sh", "-c", "exit 0");

            assertThat(listens.exitCode()).isEqualTo(Main.UNREAD);
            assertThat(listens.errors())
                    .contains("port " + port + " is taken")
                    .contains("give another one with --port");
            assertThat(starts.exitCode()).isEqualTo(Main.UNREAD);
            assertThat(starts.errors()).contains("already listens on localhost port " + port);
        }
    }
}
