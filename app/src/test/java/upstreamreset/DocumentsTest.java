// SPDX-License-Identifier: Apache-2.0
package upstreamreset;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The documents name classes, packages and files that there are. */
class DocumentsTest {
    private static final Path ROOT = Path.of("..");
    private static final Path MAIN = Path.of("src/main/java/upstreamreset");
    private static final Path TEST = Path.of("src/test/java/upstreamreset");
    private static final String CLASS = "`([a-z0-9.]+)\\.([A-Z]\\w+)";
    private static final String FILE_LINK = "\\]\\(([^)#:]+)\\)";
    private static final String HEADING_LINK = "\\]\\(([^)#:]*)#([^)]+)\\)";

    static Stream<Path> documents() throws IOException {
        try (var files = Files.list(ROOT);
                var docs = Files.list(ROOT.resolve("docs"))) {
            return Stream.concat(files, docs).filter(file -> file.toString().endsWith(".md")).toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("documents")
    void eachClassThatIsNamedWithItsPackageExists(Path document) throws IOException {
        var files = found(CLASS, Files.readString(document)).stream()
                .filter(name -> !name.group(1).matches("(java|jdk|sun)\\b.*"))
                .map(name -> folder(name) + "/" + name.group(2) + ".java");
        assertThat(files)
                .filteredOn(file -> Stream.of(MAIN, TEST).noneMatch(source -> Files.exists(source.resolve(file))))
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource("documents")
    void eachTestThatIsNamedExists(Path document) throws IOException {
        for (var name : found("`([a-z0-9.]+)\\.([A-Z]\\w+)#(\\w+)`", Files.readString(document))) {
            assertThat(TEST.resolve(folder(name) + "/" + name.group(2) + ".java"))
                    .content()
                    .contains("    void " + name.group(3) + "(");
        }
    }

    @ParameterizedTest
    @MethodSource("documents")
    void eachFileThatIsLinkedExists(Path document) throws IOException {
        assertThat(found(FILE_LINK, Files.readString(document)))
                .allMatch(link -> Files.exists(document.resolveSibling(link.group(1))));
    }

    /** Else the tests about what is found in each document hold of nothing. */
    @Test
    void theDocumentsNameClassesAndLinkFilesAndHeadings() throws IOException {
        var text = documents()
                .map(document -> {
                    try {
                        return Files.readString(document);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                })
                .collect(Collectors.joining());
        assertThat(found(CLASS, text)).hasSizeGreaterThan(50);
        assertThat(found(FILE_LINK, text)).hasSizeGreaterThan(20);
        assertThat(found(HEADING_LINK, text)).hasSizeGreaterThan(5);
    }

    /** As GitHub makes an anchor of a heading. */
    @ParameterizedTest
    @MethodSource("documents")
    void eachHeadingThatIsLinkedExists(Path document) throws IOException {
        for (var link : found(HEADING_LINK, Files.readString(document))) {
            var target = link.group(1).isEmpty() ? document : document.resolveSibling(link.group(1));
            var anchors = found("(?m)^#+ (.*)$", Files.readString(target)).stream()
                    .map(heading -> heading.group(1)
                            .toLowerCase(Locale.ROOT)
                            .replaceAll("[^\\p{L}\\p{N} _-]", "")
                            .replace(' ', '-'));
            assertThat(anchors).as(link.group()).contains(link.group(2));
        }
    }

    @Test
    void architectureHasARowForEachPackage() throws IOException {
        var rows = found("(?m)^\\| `([a-z0-9.]+)` \\|", Files.readString(ROOT.resolve("ARCHITECTURE.md"))).stream()
                .map(row -> row.group(1))
                .toList();
        try (var files = Files.walk(MAIN)) {
            assertThat(rows)
                    .containsExactlyInAnyOrderElementsOf(files.filter(file -> file.endsWith("package-info.java"))
                            .map(file ->
                                    MAIN.relativize(file.getParent()).toString().replace('/', '.'))
                            .toList());
        }
    }

    private static String folder(MatchResult name) {
        return name.group(1).replace('.', '/');
    }

    private static List<MatchResult> found(String pattern, String text) {
        return Pattern.compile(pattern).matcher(text).results().toList();
    }
}
