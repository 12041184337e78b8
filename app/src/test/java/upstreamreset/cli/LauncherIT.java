// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import upstreamreset.testing.RealParts;
import upstreamreset.testing.Shell;

/** scripts/upstream-reset on a copy of the project that has the jar and no sources. */
class LauncherIT {
    @TempDir
    private Path folder;

    private final Map<String, String> environment = new HashMap<>();
    private Path root;
    private Path jar;

    @BeforeEach
    void copyTheProject() throws IOException {
        root = Files.createDirectory(folder.resolve("a project"));
        jar = root.resolve("app/target/upstream-reset.jar");
        Files.createDirectories(jar.getParent());
        Files.copy(RealParts.jar(), jar);
        var scripts = Path.of("../scripts");
        Files.createDirectories(root.resolve("scripts/lib"));
        Files.copy(
                scripts.resolve("upstream-reset"),
                root.resolve("scripts/upstream-reset"),
                StandardCopyOption.COPY_ATTRIBUTES);
        for (var library :
                List.of("jdk.sh", "jar.sh", "java-flags.sh", "aot.sh", "training.pcap.gz", "training.pcapng.gz")) {
            Files.copy(
                    scripts.resolve("lib").resolve(library),
                    root.resolve("scripts/lib").resolve(library));
        }
    }

    @Test
    void aChangedClassRunsAlthoughTheCacheHeldTheOldOne() throws Exception {
        // Given
        assertThat(launch("--version")).contains("upstream-reset 0.");
        awaitCaches(1);

        // When
        replaceVersion();

        // Then
        assertThat(launch("--version")).isEqualTo("changed\n");
        awaitCaches(2);
    }

    @Test
    void ofTwoFirstRunsAtOnceEachAnswersAndOneTrains() throws Exception {
        // When
        var said = bash("a() { '" + root.resolve("scripts/upstream-reset") + "' --version; }; export XDG_CACHE_HOME='"
                + folder.resolve("cache") + "'; a & a; wait $!");

        // Then: nothing of the training is to be seen
        assertThat(said).matches("(upstream-reset 0\\.[^\n]*\n){2}0\n");
        awaitCaches(1);
        assertThat(inCacheFolder(".*[.]failed")).isEmpty();
    }

    @Test
    void aDamagedCacheIsRemovedAndMadeAgain() throws Exception {
        // Given
        launch("--version");
        awaitCaches(1);
        launch("--version");
        var cache = caches().getFirst();
        var bytes = Files.readAllBytes(cache);
        for (int at = 100_000; at < bytes.length; at += 4096) {
            bytes[at] ^= 0x55;
        }
        Files.write(cache, bytes);

        // When
        assertThat(launch("--version")).contains("upstream-reset 0.");

        // Then: it may go between the two looks
        await().atMost(Duration.ofMinutes(2))
                .ignoreException(NoSuchFileException.class)
                .until(() -> Files.exists(cache) && !Arrays.equals(Files.readAllBytes(cache), bytes));
        awaitCaches(1);
        assertThat(launch("--version")).contains("upstream-reset 0.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"scenarios --output json", "--version", "--help", "explain --list"})
    void aResultThatCouldNotBeWrittenIsNoSuccess(String command) throws Exception {
        var tool = "'" + System.getProperty("java.home") + "/bin/java' -jar '" + RealParts.jar() + "' " + command;
        assertThat(bash(tool + " >/dev/full"))
                .isEqualTo("the result could not be written: No space left on device\n3\n");
        assertThat(bash(tool + " | head -c 1 >/dev/null; exit ${PIPESTATUS[0]}"))
                .isEqualTo("0\n");
    }

    /** What it says, and its exit code. */
    private static String bash(String command) throws Exception {
        var said = Shell.bash(Path.of("."), command);
        return said.text() + said.code() + "\n";
    }

    @Test
    void itRunsWithoutAnyPlaceForACache() throws Exception {
        Files.createFile(folder.resolve("no folder"));
        assertThat(launchWithCacheIn(folder.resolve("no folder"), "serve", "--version"))
                .contains("upstream-reset 0.");
    }

    /** No HOME, no locale, CDPATH, through a link, with a name that is not ASCII, and without a stdin. */
    @Test
    void aBadEnvironmentIsNoObstacle() throws Exception {
        var said = bash("cd '" + folder + "' && mkdir -p trap/scripts trap/lib && ln -s '" + root
                + "/scripts/upstream-reset' link && cp '" + root
                + "/scripts/lib/training.pcap.gz' $'\\xe6\\x97\\xa5.gz' && run() { env -i PATH=\"$PATH\" JAVA_HOME='"
                + System.getProperty("java.home")
                + "' XDG_CACHE_HOME=/dev/null LC_ALL=C CDPATH=trap ./link \"$@\" 2>&1; echo code $?; };"
                + " run inspect $'\\xe6\\x97\\xa5.gz' | grep -c -e 'with findings' -e 'code 1'; run explain <&-");

        assertThat(said).startsWith("2\n").contains("explain: no input; ").endsWith("code 3\n0\n");
    }

    /** picocli's classes are there too: the cache takes none as old as they were (RaiseOldClasses). */
    @Test
    void theSecondStartTakesItsClassesFromTheCache() throws Exception {
        // Given
        launch("serve", "--version");
        awaitCaches(1);
        var log = folder.resolve("classes");
        environment.put("JAVA_TOOL_OPTIONS", "-Xlog:class+load:file=" + log);

        // When
        launch("serve", "--version");

        // Then
        assertThat(Files.readAllLines(log))
                .anyMatch(line -> line.matches(".* upstreamreset\\.cli\\.Main source: shared objects file.*"))
                .anyMatch(line -> line.matches(".* picocli\\.CommandLine source: shared objects file.*"));
    }

    /** The training begins after the answer. */
    private void awaitCaches(int number) {
        await().atMost(Duration.ofMinutes(2))
                .untilAsserted(() -> assertThat(caches()).hasSize(number));
        await().atMost(Duration.ofMinutes(2))
                .untilAsserted(
                        () -> assertThat(inCacheFolder(".*[.](making|origin)")).isEmpty());
    }

    private List<Path> caches() throws IOException {
        return inCacheFolder(".*[.]aot");
    }

    private List<Path> inCacheFolder(String name) throws IOException {
        try (var files = Files.list(folder.resolve("cache/upstream-reset/aot"))) {
            return files.filter(file -> file.getFileName().toString().matches(name))
                    .toList();
        }
    }

    private String launch(String... arguments) throws IOException, InterruptedException {
        return launchWithCacheIn(folder.resolve("cache"), arguments);
    }

    /** From another folder, as from anywhere. */
    private String launchWithCacheIn(Path cache, String... arguments) throws IOException, InterruptedException {
        var out = folder.resolve("out");
        var builder = new ProcessBuilder(root.resolve("scripts/upstream-reset").toString())
                .directory(folder.toFile())
                .redirectOutput(out.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.command().addAll(List.of(arguments));
        builder.environment().putAll(environment);
        builder.environment().put("XDG_CACHE_HOME", cache.toString());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        var process = builder.start();
        try {
            assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        return Files.readString(out);
    }

    private void replaceVersion() throws IOException {
        var source = folder.resolve("Version.java");
        Files.writeString(source, """
            package upstreamreset.cli;
            public final class Version implements picocli.CommandLine.IVersionProvider {
                public String[] getVersion() { return new String[] {text()}; }
                public static String text() { return "changed"; }
            }
            """);
        var classes = Files.createDirectory(folder.resolve("classes"));
        int result = ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "-cp", jar.toString(), "-d", classes.toString(), source.toString());
        assertThat(result).isZero();
        try (var inside = FileSystems.newFileSystem(jar)) {
            Files.copy(
                    classes.resolve("upstreamreset/cli/Version.class"),
                    inside.getPath("/upstreamreset/cli/Version.class"),
                    StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
