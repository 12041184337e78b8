// SPDX-License-Identifier: Apache-2.0
package upstreamreset.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import upstreamreset.testing.RealParts;

/** The jar has our licence, and the licence and notice of each library that it holds: of these, and of no other. */
class NoticeIT {
    @Test
    void theJarHasOurLicenceAndNotice() throws Exception {
        try (var jar = new ZipFile(RealParts.jar().toFile())) {
            for (var name : List.of("LICENSE", "NOTICE")) {
                assertThat(text(jar, "META-INF/" + name)).contains(Repository.text(name));
            }
            var named = Pattern.compile("META-INF/[\\w./-]+[\\w]").matcher(Repository.text("NOTICE"));
            assertThat(named.results().map(match -> match.group()))
                    .isNotEmpty()
                    .allMatch(name -> jar.getEntry(name) != null);
        }
    }

    @Test
    void everyLibraryInTheJarIsNamedAndNoOther() throws Exception {
        var named = Pattern.compile("(?m)^ {2}[\\w.-]+:([\\w.-]+)$")
                .matcher(Repository.text("NOTICE"))
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        var shipped = new TreeSet<String>();
        for (var library : libraries()) {
            shipped.add(library.getName().replaceFirst("-\\d[\\w.-]*\\.jar$", ""));
        }
        assertThat(named).isEqualTo(shipped);
    }

    @Test
    void everyNoticeOfALibraryIsInOurs() throws Exception {
        var ours = words(Repository.text("NOTICE"));
        for (var library : libraries()) {
            try (var jar = new ZipFile(library)) {
                for (var entry : jar.stream().toList()) {
                    if (entry.getName().matches("META-INF/NOTICE[^/]*")) {
                        assertThat(ours).as(library.getName()).contains(words(text(jar, entry.getName())));
                    }
                }
            }
        }
    }

    /** Those on the class path of which most classes are in our jar. */
    private static List<File> libraries() throws IOException {
        try (var jar = new ZipFile(RealParts.jar().toFile())) {
            return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                    .filter(path -> path.endsWith(".jar"))
                    .map(File::new)
                    .filter(file -> isIn(jar, file))
                    .toList();
        }
    }

    private static boolean isIn(ZipFile jar, File library) {
        try (var in = new ZipFile(library)) {
            var classes = in.stream()
                    .map(entry -> entry.getName())
                    .filter(name -> name.endsWith(".class") && !name.startsWith("META-INF/"))
                    .filter(name -> !name.equals("module-info.class"))
                    .toList();
            long shipped =
                    classes.stream().filter(name -> jar.getEntry(name) != null).count();
            return shipped > classes.size() / 2;
        } catch (IOException e) {
            throw new IllegalStateException(library.toString(), e);
        }
    }

    private static String text(ZipFile jar, String name) throws IOException {
        var entry = Optional.ofNullable(jar.getEntry(name)).orElseThrow(() -> new IOException("no " + name));
        return new String(jar.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8);
    }

    private static String words(String text) {
        return text.replaceAll("\\s+", " ").strip();
    }
}
