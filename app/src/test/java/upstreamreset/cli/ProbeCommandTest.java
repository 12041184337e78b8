// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import upstreamreset.origin.RawOrigin;
import upstreamreset.scenario.WireScript;
import upstreamreset.scenario.WireStep;
import upstreamreset.testing.Cli;
import upstreamreset.wire.Bytes;

/** The command in this JVM against bytes that stay the same; what it prints is {@code probe/*.golden}. */
class ProbeCommandTest {
    private static final Path GOLDEN = Path.of("src/test/resources/probe");
    private static final boolean UPDATE = Boolean.getBoolean("golden.update");
    private static final String WRONG = String.join(
            "\r\n",
            "HTTP/1.1 200 OK",
            "Transfer-Encoding: Chunked",
            "Transfer-Encoding: chunked",
            "X-\33[31m: y",
            "",
            "6",
            "Chunk\n",
            "0",
            "",
            "");

    @TempDir
    Path folder;

    @Test
    void aHealthyServerIsOneLineAndExitCode0() throws IOException {
        try (var origin = origin("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")) {
            var result = Cli.run("probe", url(origin));

            assertThat(result.exitCode()).isEqualTo(Main.CLEAN);
            assertThat(result.output().lines())
                    .containsExactly(url(origin)
                            + ": 200, content-length 2, 40 bytes; connection reused; Envoy 1.40.0 passes it");
            assertThat(result.errors()).isEmpty();
        }
    }

    @Test
    void textIsTheGoldenFile() throws IOException {
        try (var origin = origin(WRONG)) {
            var result = Cli.run("probe", url(origin), "--timeout", "1");

            assertThat(result.exitCode()).isEqualTo(Main.FOUND_OR_FAILED);
            golden("wrong-text", origin, result.output());
        }
    }

    @Test
    void jsonIsTheGoldenFile() throws IOException {
        try (var origin = origin(WRONG)) {
            var result = Cli.run("probe", url(origin), "--output", "json");

            golden("wrong-json", origin, result.output());
        }
    }

    @Test
    void junitHasATestCaseAUrl() throws IOException {
        var file = folder.resolve("probe.xml");
        try (var origin = origin(WRONG)) {
            Cli.run("probe", url(origin), "http://[::1]:1/", "--junit", file.toString());
        }

        assertThat(Files.readString(file))
                .contains("tests=\"2\" failures=\"2\"", "duplicate-transfer-encoding", "refuses connections")
                .doesNotContain("\33");
    }

    @Test
    void whatCannotBeAskedIsAUsageError() {
        for (var arguments : List.of(
                List.of("ftp://x"),
                List.of("http://x", "-H", "X: a\r\nY: b"),
                List.of("http://x", "-X", "G T"),
                List.of("http://x", "--timeout", "0"),
                List.of("http://x", "--envoy-version", "newest"))) {
            var words = new ArrayList<>(List.of("probe"));
            words.addAll(arguments);

            var result = Cli.run(words.toArray(new String[0]));

            assertThat(result.exitCode()).as("%s", arguments).isEqualTo(Main.USAGE);
            assertThat(result.errors())
                    .contains("Try 'upstream-reset probe --help'")
                    .doesNotContain("\tat ");
        }
    }

    private static void golden(String name, RawOrigin origin, String output) throws IOException {
        var stable =
                output.replace(":" + origin.address().getPort(), ":PORT").replaceAll("\"millis\":\\d+", "\"millis\":0");
        var file = GOLDEN.resolve(name + ".golden");
        if (UPDATE) {
            Files.createDirectories(GOLDEN);
            Files.writeString(file, stable);
        }
        assertThat(stable).isEqualTo(Files.readString(file));
    }

    private static RawOrigin origin(String response) throws IOException {
        return RawOrigin.play(
                new WireScript(
                        WireScript.Protocol.HTTP_1,
                        List.of(new WireStep.ReadRequest(), new WireStep.Send(Bytes.latin1(response)))),
                RawOrigin.Writes.WHOLE);
    }

    private static String url(RawOrigin origin) {
        return "http://127.0.0.1:" + origin.address().getPort() + "/x";
    }
}
