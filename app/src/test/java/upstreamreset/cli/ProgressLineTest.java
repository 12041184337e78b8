// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import upstreamreset.output.Progress;

/** How far long work is, on a terminal and in a pipe. */
class ProgressLineTest {
    private static final String ERASE = "\r\033[K";

    private final StringWriter err = new StringWriter();

    @Test
    void inAPipeEachStepIsOneLine() {
        try (var progress = new ProgressLine(new PrintWriter(err), 0)) {
            progress.accept(new Progress("unpacking", 1, 4));
            progress.accept(new Progress("unpacking", 2, 4));
            progress.accept(Progress.step("checking"));
            progress.reading("a.pcap", 0).accept(1 << 24);
        }
        assertThat(err.toString()).isEqualTo("unpacking\nchecking\n");
    }

    @Test
    void onATerminalTheLineRewritesItselfAndGoesAtTheEnd() {
        try (var progress = new ProgressLine(new PrintWriter(err), 80)) {
            progress.accept(new Progress("unpacking", 15, 30));
            progress.reading("a.pcap", 1 << 25).accept(1 << 24);
        }
        assertThat(err.toString())
                .isEqualTo(ERASE + "unpacking [###############...............] 50 %" + ERASE
                        + "a.pcap: 16 MB of 32 MB, 50 %" + ERASE);
    }

    @ParameterizedTest
    @CsvSource({"60", "5", "1"})
    void itIsNoLongerThanTheTerminalIsWide(int columns) {
        var progress = new ProgressLine(new PrintWriter(err), columns);
        progress.reading("/a/folder/with/a/long/name/and/another/one/a-capture-of-last-night.pcapng", 1 << 25)
                .accept(1 << 24);
        assertThat(err.toString().substring(ERASE.length())).endsWith("…").hasSize(Math.max(1, columns - 1));
    }

    @Test
    void aResultIsPrintedInPlaceOfTheLine() throws Exception {
        var progress = new ProgressLine(new PrintWriter(err), 80);
        var out = new Stdout(new ByteArrayOutputStream());
        progress.accept(Progress.step("asking"));

        out.write("a result".getBytes(StandardCharsets.UTF_8));
        out.write("more of it".getBytes(StandardCharsets.UTF_8));

        assertThat(err.toString()).isEqualTo(ERASE + "asking" + ERASE);
    }

    @ParameterizedTest
    @CsvSource({
        "100, xterm, 100",
        "0, xterm, 80",
        "none, xterm, 0",
        "-1, xterm, 0",
        "100, dumb, 0",
        "100, , 100",
        // Without a launcher, and surefire is no terminal.
        ", xterm, 0"
    })
    void theLauncherSaysHowWideTheTerminalOfStderrIs(String told, String term, int columns) {
        assertThat(ProgressLine.columns(told, term)).isEqualTo(columns);
    }
}
