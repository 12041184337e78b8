// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import upstreamreset.testing.Cli;

/** Command lines of {@code capture} that are wrong, before a cluster is asked. */
class CaptureCommandTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            capture                            | TARGET is missing: pod/NAME, deploy/NAME, sts/NAME, svc/NAME, or -l LABELS
            capture a b                        | capture takes one TARGET, not 2
            capture -l app=a b                 | -l and a TARGET exclude each other; give one of them
            capture node/a                     | 'node' is not a kind that runs Pods
            capture a --time 0s                | --time
            capture a --time 2h                | --time must be from 1s to 1h
            capture a --max-bytes 10           | --max-bytes is 4096 or more, not 10
            capture a --max-packets 0          | --max-packets must be from 1 to 2147483647, not 0
            capture a --snaplen 20             | --snaplen must be from 128 to 262144, not 20
            capture a --port 0                 | --port must be 1 to 65535, not 0
            capture a -n A                     | -n A is not a valid namespace name
            capture a --envoy-version nonsense | nonsense
            """)
    void aWrongCommandLineIsSaidInOneSentence(String line, String said) {
        var result = Cli.run(line.split(" "));

        assertThat(result.exitCode()).isEqualTo(Main.USAGE);
        assertThat(result.errors()).startsWith("upstream-reset capture: ").contains(said);
        assertThat(result.errors().lines()).hasSize(2);
    }

    /** scripts/leader-demo and others read it there. */
    @Test
    void theImageIsThatOfTheScripts() throws IOException {
        assertThat(Files.readString(Path.of("../scripts/sniff")))
                .contains("\nreadonly TCPDUMP_IMAGE=" + CaptureCommand.IMAGE + "\n");
    }

    @Test
    void aFileThatCannotBeWrittenIsSaidFirst(@TempDir Path folder) {
        var result = Cli.run("capture", "a", "-w", folder.resolve("none/a.pcap").toString());

        assertThat(result.exitCode()).isEqualTo(Main.UNREAD);
        assertThat(result.errors()).contains("cannot write the capture");
    }

    @Test
    void aClusterThatIsNotThereIsSaidSo(@TempDir Path folder) {
        var result =
                Cli.run("capture", "a", "--kubeconfig", folder.resolve("none").toString());

        assertThat(result.exitCode()).isEqualTo(Main.UNREAD);
        assertThat(result.errors()).contains("cannot be read");
    }
}
