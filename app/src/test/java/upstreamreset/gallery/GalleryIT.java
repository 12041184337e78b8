// SPDX-License-Identifier: Apache-2.0
package upstreamreset.gallery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import upstreamreset.testing.RealParts;

/**
 * What real servers make of their cases is what the golden file says, two at a time: they wait more than they work. Without
 * {@code -Dgallery}, some of them, in less than a minute and a half; {@code scripts/gallery} asks for all, and writes the file.
 */
@Execution(ExecutionMode.CONCURRENT)
class GalleryIT {
    private static final boolean UPDATE = Boolean.getBoolean("golden.update");

    /** The servers by their ids; {@code all} for each that there is. */
    private static final String WANTED = System.getProperty("gallery", "");

    private static final List<String> SOME = List.of(
            "tomcat",
            "spring-mvc",
            "go",
            "node",
            "express",
            "fastify",
            "fastapi-httptools",
            "fastapi-h11",
            "flask-run",
            "flask-gunicorn");

    @TempDir
    Path folder;

    @TestFactory
    Stream<DynamicTest> eachServerMakesOfItsCasesWhatTheGoldenFileSays() throws IOException {
        var wanted = WANTED.isEmpty() ? SOME : List.of(WANTED.split(","));
        return GalleryServer.all().stream()
                .filter(server -> wanted.contains("all") || wanted.contains(server.id()))
                .map(server -> DynamicTest.dynamicTest(server.title(), () -> visit(server)));
    }

    @AfterAll
    static void writeTheDocument() throws IOException {
        if (UPDATE) {
            Files.writeString(FrameworksDocument.FILE, FrameworksDocument.text());
        }
    }

    private void visit(GalleryServer server) throws IOException, InterruptedException {
        RunningServer.install(server);
        var log = folder.resolve(server.id() + ".log");
        try {
            var rows = new GalleryVisit(RealParts.envoy(), server).rows(log);
            if (UPDATE) {
                GalleryRow.write(server.id(), rows);
            }
            assertThat(rows).containsExactlyElementsOf(GalleryRow.of(server.id()));
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + (Files.exists(log) ? "\n" + Files.readString(log) : ""), e);
        }
    }
}
