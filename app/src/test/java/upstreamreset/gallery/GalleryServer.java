// SPDX-License-Identifier: Apache-2.0
package upstreamreset.gallery;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A server of the gallery, as {@code scripts/gallery.d/servers} lists it.
 *
 * @param framework the id of its framework; {@code -} for one without recipes
 * @param title what it is, with the pinned versions
 * @param cases the paths that are asked, without their first slash
 */
record GalleryServer(String id, String ecosystem, String framework, String title, List<String> cases) {
    static final Path FOLDER = Path.of("../scripts/gallery.d");

    /** All of them, in the order of the document. */
    static List<GalleryServer> all() throws IOException {
        return rows("servers").stream()
                .map(row -> new GalleryServer(row[0], row[1], row[2], row[3], List.of(row[4].split(" "))))
                .toList();
    }

    /** The one with this id. */
    static GalleryServer of(String id) throws IOException {
        return all().stream().filter(each -> each.id().equals(id)).findFirst().orElseThrow();
    }

    /** What the handler of a case does, in words, by the case. */
    static Map<String, String> words() throws IOException {
        var words = new LinkedHashMap<String, String>();
        rows("cases").forEach(row -> words.put(row[0], row[1]));
        return words;
    }

    /** The rows of a list beside the servers: its lines without comments, and their columns. */
    static List<String[]> rows(String file) throws IOException {
        return Files.readAllLines(FOLDER.resolve(file)).stream()
                .filter(line -> !line.startsWith("#") && !line.isBlank())
                .map(line -> line.split(" *\\| *"))
                .toList();
    }
}
