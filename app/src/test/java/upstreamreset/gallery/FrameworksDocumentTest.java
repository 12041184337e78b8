// SPDX-License-Identifier: Apache-2.0
package upstreamreset.gallery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

class FrameworksDocumentTest {
    /** After a wanted change: {@code scripts/gallery}, or with {@code -Dgolden.update=true} this test alone. */
    @Test
    void theDocumentIsWhatTheGoldenFileAndTheRecipesMakeOfIt() throws IOException {
        if (Boolean.getBoolean("golden.update")) {
            Files.writeString(FrameworksDocument.FILE, FrameworksDocument.text());
        }
        assertThat(Files.readString(FrameworksDocument.FILE)).isEqualTo(FrameworksDocument.text());
    }

    /** A row for each case of each server, and no others. */
    @Test
    void theGoldenFileHasEachCaseOfTheList() throws IOException {
        for (var server : GalleryServer.all()) {
            assertThat(GalleryRow.of(server.id()))
                    .as(server.title())
                    .extracting(GalleryRow::test)
                    .containsExactlyElementsOf(server.cases());
        }
        var known = GalleryServer.all().stream().map(GalleryServer::id).toList();
        assertThat(GalleryRow.all()).extracting(GalleryRow::server).isSubsetOf(known);
    }

    /** The exhibits of the facts: one code, two servers. */
    @Test
    void theSameCodeFailsOnOneServerAndPassesOnTheOther() throws IOException {
        assertThat(passes("fastapi-httptools", "copy/before")).isFalse();
        assertThat(passes("fastapi-h11", "copy/before")).isTrue();
        assertThat(passes("flask-run", "copy/before")).isFalse();
        assertThat(passes("flask-gunicorn", "copy/before")).isTrue();
        assertThat(passes("spring-mvc", "copy/before")).isFalse();
        assertThat(passes("spring-mvc", "proxy-length")).isTrue();
    }

    private static boolean passes(String server, String test) throws IOException {
        return GalleryRow.of(server, test).orElseThrow().passes();
    }
}
