// SPDX-License-Identifier: Apache-2.0
package upstreamreset.gallery;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What one server made of one case: a line of the golden file.
 *
 * @param wire what it put on the wire: the status line, the lines that frame the body, how it ended; of the case {@code ok} the
 *     whole head
 * @param findings the ids of the rules that the bytes break
 * @param envoy status, flags and details as a real Envoy logged them
 * @param message the codec's own reason; empty for none
 * @param outcome the verdict on that Envoy
 */
record GalleryRow(
        String server, String test, String wire, String findings, String envoy, String message, String outcome) {
    static final Path FILE = Path.of("src/test/resources/gallery/results.tsv");

    private static final String HEADING = "server\tcase\twire\tfindings\tenvoy\tcodec\toutcome";

    /** Whether nobody finds anything wrong with it. */
    boolean passes() {
        return findings.isEmpty() && outcome.equals("passes");
    }

    static List<GalleryRow> all() throws IOException {
        if (!Files.exists(FILE)) {
            return List.of();
        }
        return Files.readAllLines(FILE).stream().skip(1).map(GalleryRow::parse).toList();
    }

    static List<GalleryRow> of(String server) throws IOException {
        return all().stream().filter(row -> row.server.equals(server)).toList();
    }

    /** What {@code server} made of the case {@code test}, if it is asked that. */
    static Optional<GalleryRow> of(String server, String test) throws IOException {
        return of(server).stream().filter(row -> row.test.equals(test)).findFirst();
    }

    /** Replaces the lines of {@code server}; the file has its servers in the order of the list. */
    static synchronized void write(String server, List<GalleryRow> rows) throws IOException {
        var lines = new ArrayList<String>();
        lines.add(HEADING);
        for (var each : GalleryServer.all()) {
            (each.id().equals(server) ? rows : of(each.id())).forEach(row -> lines.add(row.line()));
        }
        Files.createDirectories(FILE.getParent());
        Files.write(FILE, lines);
    }

    private static GalleryRow parse(String line) {
        var parts = line.split("\t", -1);
        return new GalleryRow(parts[0], parts[1], parts[2], parts[3], parts[4], parts[5], parts[6]);
    }

    private String line() {
        return String.join("\t", server, test, wire, findings, envoy, message, outcome);
    }
}
