// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import upstreamreset.testing.Cli;

/** README's first transcript: what {@code explain} says about the log line in its second, which {@code ReproduceIT} holds. */
class ReadmeTranscriptTest {
    private static final Path README = Path.of("../README.md");

    @Test
    void theLineThatReproduceShowsIsExplained() throws Exception {
        var line = Files.readString(README)
                .lines()
                .map(String::strip)
                .filter(each -> each.startsWith("[") && each.contains("\"GET /wrong HTTP/1.1\" 502 UPE "))
                .findFirst()
                .orElseThrow();

        var result = Cli.run("explain", line);

        assertThat(result.exitCode()).isEqualTo(Main.FOUND);
        // "…" stands for lines that are left out there.
        var shown = Pattern.compile(
                        "kubectl logs http-chunked-0 -c istio-proxy \\| upstream-reset explain\n(.*?)```",
                        Pattern.DOTALL)
                .matcher(Files.readString(README));
        assertThat(shown.find()).isTrue();
        var lines = shown.group(1).lines().filter(each -> !each.equals("…")).toList();
        assertThat(lines).hasSizeBetween(5, 8);
        assertThat(result.output().lines()).containsSubsequence(lines);
    }
}
