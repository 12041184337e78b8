// SPDX-License-Identifier: Apache-2.0
package upstreamreset.http1;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.Jazzer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * jazzer looks for bytes that break readers or model, guided by what they reach: 10 s, {@code -Dfuzz.seconds=3600} for a longer
 * run. In a JVM of its own, since it instruments the classes.
 */
class JazzerIT {
    private static final int SECONDS = Integer.getInteger("fuzz.seconds", 10);
    private static final int START_SECONDS = 120;

    @TempDir
    Path folder;

    @Test
    void noBytesBreakReadersOrModel() throws IOException, InterruptedException {
        // Given
        var corpus = Files.createDirectory(folder.resolve("corpus"));
        var fixtures = new ArrayList<>(Fixtures.ALL);
        fixtures.addAll(RequestReaderTest.FIXTURES);
        for (int i = 0; i < fixtures.size(); i++) {
            Files.writeString(corpus.resolve("fixture-" + i), "\0\7" + fixtures.get(i), StandardCharsets.ISO_8859_1);
        }

        // When
        var log = folder.resolve("log").toFile();
        var jazzer = new ProcessBuilder(command(corpus))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log)
                .start();
        boolean ended;
        try {
            ended = jazzer.waitFor(SECONDS + START_SECONDS, TimeUnit.SECONDS);
        } finally {
            jazzer.destroyForcibly().waitFor();
        }

        // Then
        var said = Files.readString(log.toPath(), StandardCharsets.ISO_8859_1);
        assertThat(ended).as(said).isTrue();
        assertThat(jazzer.exitValue()).as(said).isZero();
        assertThat(said).contains("Done ");
    }

    private static List<String> command(Path corpus) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                // libFuzzer's limit is on the whole JVM: a heap as large as the machine would allow reaches it with
                // garbage.
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                Jazzer.class.getName(),
                "--target_class=" + FuzzTarget.class.getName(),
                "--instrumentation_includes=upstreamreset.framing.**",
                // jazzer's own sanitizers look for other bugs, in code that we do not have.
                "--custom_hook_includes=none.**",
                "-max_total_time=" + SECONDS,
                "-max_len=4096",
                "-timeout=5",
                "-rss_limit_mb=2048",
                corpus.toString());
    }
}
