// SPDX-License-Identifier: Apache-2.0
package upstreamreset.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each script runs from anywhere, through a link, without a home directory, and whatever CDPATH says. */
class ScriptsAnywhereTest {
    /** These build, or hand all to Maven. */
    private static final List<String> OTHERS = List.of("upstream-reset", "reproduce", "mvn");

    @TempDir
    Path folder;

    static List<String> scripts() throws IOException {
        try (var files = Files.list(Repository.path("scripts"))) {
            return files.filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
                    .map(file -> file.getFileName().toString())
                    .filter(name -> !OTHERS.contains(name))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void itFindsItself(String script) throws Exception {
        // Given
        for (var trap : List.of("scripts/lib", "lib", "..")) {
            Files.createDirectories(folder.resolve("trap").resolve(trap));
        }
        var link = Files.createSymbolicLink(
                Files.createDirectories(folder.resolve("a link")).resolve(script),
                Repository.path("scripts/" + script).toRealPath());

        // When
        var builder = new ProcessBuilder(link.toString(), "--help")
                .directory(folder.toFile())
                .redirectErrorStream(true);
        builder.environment().remove("HOME");
        builder.environment().put("LC_ALL", "C");
        builder.environment().put("CDPATH", folder.resolve("trap").toString());
        var process = builder.start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        // Then
        assertThat(process.waitFor()).as(said).isZero();
        assertThat(said).startsWith("Usage: scripts/" + script);
    }

    static Stream<String> libraries() throws IOException {
        try (var files = Files.list(Repository.path("scripts/lib"))) {
            return files
                    .map(file -> file.getFileName().toString())
                    // Its users find a JDK first, by jdk.sh.
                    .filter(name -> name.endsWith(".sh") && !name.equals("aot.sh"))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("libraries")
    void aLibraryNeedsNoHome(String library) throws Exception {
        var text = Repository.text("scripts/lib/" + library);
        if (text.replace("${HOME:-", "").matches("(?s).*\\$(HOME\\b|\\{HOME\\b(?!:)).*")) {
            assertThat(text).contains("HOME=${HOME:-~}");
        }
    }
}
