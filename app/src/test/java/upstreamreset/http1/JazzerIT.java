// SPDX-License-Identifier: Apache-2.0
package upstreamreset.http1;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import upstreamreset.testing.RealParts;

/**
 * jazzer looks for bytes that break readers or model, guided by the code that they reach: for 10 s, or
 * {@code -Dfuzz.seconds=3600}. It runs in a JVM of its own, because it instruments the classes, and is on the class path only
 * with {@code -Pbench}.
 */
class JazzerIT {
    private static final int SECONDS = Integer.getInteger("fuzz.seconds", 10);
    private static final int START_SECONDS = 120;
    private static final String JAZZER = "com.code_intelligence.jazzer.Jazzer";

    @TempDir
    Path folder;

    @Test
    void noBytesBreakReadersOrModel() throws IOException, InterruptedException {
        // Given
        if (JazzerIT.class.getResource("/" + JAZZER.replace('.', '/') + ".class") == null) {
            throw RealParts.missing("jazzer is not on the class path; -Pbench adds it");
        }
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
                // libFuzzer limits the whole JVM: with the default heap, garbage alone would reach the limit.
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                JAZZER,
                "--target_class=" + FuzzTarget.class.getName(),
                "--instrumentation_includes=upstreamreset.http1.**:upstreamreset.codec.**",
                // jazzer's own sanitizers look for bugs in code that we do not have (SQL, LDAP, ...).
                "--custom_hook_includes=none.**",
                "-max_total_time=" + SECONDS,
                "-max_len=4096",
                "-timeout=5",
                "-rss_limit_mb=4096",
                corpus.toString());
    }
}
