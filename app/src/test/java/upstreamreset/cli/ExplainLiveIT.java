// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import upstreamreset.testing.Cli;

/** {@code kubectl logs -f … | explain}: a real pipe that stays open, and Ctrl-C. */
@Timeout(120)
class ExplainLiveIT {
    private static final String LINE = "[2026-11-22T20:00:00.123Z] \"GET /wrong HTTP/1.1\" 502 UPE"
            + " upstream_reset_before_response_started{protocol_error} - \"-\" 0 87 3 - \"-\" \"curl/8.5.0\""
            + " \"%s\" \"http-chunked:8080\" \"10.244.0.7:8080\" %s"
            + " 127.0.0.6:48357 10.244.0.7:8080 10.244.0.9:40012 - default\n";

    @Test
    void aFailedRequestIsToldWhileThePipeIsOpenAndTheTotalsAtItsEnd() throws Exception {
        var process = new ProcessBuilder(Cli.jarCommand("explain")).start();
        try {
            write(process, LINE.formatted("id-1", "inbound|8080||"));
            write(process, LINE.formatted("id-1", "outbound|8080||http-chunked.default.svc"));
            var out = process.inputReader();
            assertThat(until(out, "the app got the request"))
                    .contains("GET /wrong  (id-1)")
                    .anyMatch(line -> line.contains("the client's sidecar or gateway"))
                    .anyMatch(line -> line.contains("the server's sidecar"));
            write(process, LINE.formatted("id-2", "inbound|8080||"));
            assertThat(until(out, "(id-2)")).isNotEmpty();
            process.outputWriter().close();
            assertThat(until(out, " lines, ")).last().isEqualTo("3 lines, 3 requests, 3 failed");
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(Main.FOUND);
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void ctrlCTellsTheTotalsAlthoughThePipeStaysOpen() throws Exception {
        var process = new ProcessBuilder(Cli.jarCommand("explain")).start();
        try {
            write(process, LINE.formatted("id-1", "inbound|8080||"));
            var out = process.inputReader();
            assertThat(until(out, "(id-1)")).isNotEmpty();
            write(process, LINE.formatted("id-2", "inbound|8080||"));
            assertThat(until(out, "(id-2)")).isNotEmpty();
            assertThat(new ProcessBuilder("kill", "-INT", String.valueOf(process.pid()))
                            .start()
                            .waitFor())
                    .isZero();
            assertThat(until(out, " lines, ")).last().isEqualTo("2 lines, 2 requests, 2 failed");
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
    }

    private static void write(Process process, String line) throws IOException {
        process.outputWriter().write(line);
        process.outputWriter().flush();
    }

    /** The lines up to one that holds {@code end}. */
    private static List<String> until(BufferedReader out, String end) throws Exception {
        return CompletableFuture.supplyAsync(() -> {
                    var lines = new ArrayList<String>();
                    try {
                        do {
                            lines.add(String.valueOf(out.readLine()));
                        } while (!lines.getLast().contains(end)
                                && !lines.getLast().equals("null"));
                    } catch (IOException e) {
                        lines.add(e.toString());
                    }
                    return lines;
                })
                .get(60, TimeUnit.SECONDS);
    }
}
