// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import upstreamreset.testing.RealParts;

/** scripts/upstream-reset on a terminal of its own, which script(1) makes and records. */
class TerminalIT {
    private static final String CAPTURE = "lib/training.pcap.gz";
    private static final String LINE =
            "'GET /wrong HTTP/1.1\" 502 UPE upstream_reset_before_response_started{protocol_error}'";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"60, 60", "200, 100", "20, 55"})
    void linesOfTextAreAsLongAsTheTerminalIsWideAndNotTooLong(int columns, int longest) throws Exception {
        for (var command : List.of("--help", "explain --help", "explain " + LINE, "inspect " + CAPTURE)) {
            var shown = plain(recorded(columns, "./upstream-reset " + command + " 2>/dev/null", ""));
            assertThat(shown).as(command).isNotEmpty();
            assertThat(shown.lines()
                            .filter(line -> line.codePointCount(0, line.length()) > longest)
                            .filter(line -> !line.matches("\\s*(\\$ |>? +\\d+  |> |\").*|.*\\S {3,}\\S.*"))
                            // One word.
                            .filter(line -> line.strip().contains(" ")))
                    .as(command)
                    .isEmpty();
        }
    }

    @Test
    void verdictsAreInColourOnATerminalAlone() throws Exception {
        var command = "./upstream-reset explain " + LINE;
        assertThat(recorded(100, command, "")).contains("\u001b[31m502 UPE\u001b[0m");
        assertThat(recorded(100, "NO_COLOR=1 " + command, "")).doesNotContain("\u001b");
        assertThat(recorded(100, command + " --color=never", "")).doesNotContain("\u001b");
        assertThat(recorded(100, command + " | cat", "")).doesNotContain("\u001b");
        assertThat(recorded(100, command + " --color=always | cat", "")).contains("\u001b[31m502 UPE\u001b[0m");
        assertThat(recorded(100, command + " --output json", "")).doesNotContain("\u001b");
    }

    /** Ctrl-C, which the terminal sends to all of its foreground. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "explain",
                "inspect -",
                "serve --port 0 --election off",
                "probe --timeout 60 http://127.0.0.1:9/ --wait 60s",
                "reproduce --keep correct"
            })
    void ctrlCEndsEachLongCommandAndLeavesTheTerminalAsItWas(String command) throws Exception {
        RealParts.envoy();
        var shown = recorded(
                80,
                "stty -g >before; (trap 'touch gone' INT; ./upstream-reset " + command
                        + "; true); stty -g >after; cmp before after && echo same",
                "\u0003");
        assertThat(shown).contains("same").doesNotContain("\tat ");
    }

    /** What the terminal of so many columns got; {@code keys} are typed when the command has begun. */
    private String recorded(int columns, String command, String keys) throws Exception {
        RealParts.jar();
        var begin = "cd '" + Path.of("../scripts").toRealPath() + "' && stty cols " + columns + " && ";
        var inner = folder.resolve("commands");
        Files.writeString(
                inner,
                begin
                        + command.replace("before", folder + "/before")
                                .replace("after", folder + "/after")
                                .replace("gone", folder + "/gone")
                        + "\n");
        var builder = new ProcessBuilder(
                        "script",
                        "-q",
                        "-e",
                        "-c",
                        "bash '" + inner + "'",
                        folder.resolve("recording").toString())
                .redirectErrorStream(true);
        var environment = builder.environment();
        environment.keySet().removeAll(List.of("XDG_CACHE_HOME", "NO_COLOR", "COLUMNS"));
        environment.put("TERM", "xterm");
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        var process = builder.start();
        try {
            if (!keys.isEmpty()) {
                await().atMost(Duration.ofMinutes(1))
                        .until(() -> process.descendants()
                                .flatMap(each -> each.info().command().stream())
                                .anyMatch(each -> each.endsWith("/java")));
                process.getOutputStream().write(keys.getBytes(StandardCharsets.UTF_8));
                process.getOutputStream().flush();
            }
            var shown = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
            return shown.replace("\r\n", "\n");
        } finally {
            process.destroyForcibly();
        }
    }

    private static String plain(String shown) {
        return shown.replaceAll("\u001b\\[[0-9;]*m", "");
    }
}
