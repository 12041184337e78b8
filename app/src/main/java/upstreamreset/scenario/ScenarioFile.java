// SPDX-License-Identifier: Apache-2.0
package upstreamreset.scenario;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the text of one family. {@code scenario NAME} opens an entry; a line indented by two spaces is a field, its key and
 * its value; a deeper line continues that field; {@code #} opens a comment line. {@code defaults} at the top opens fields
 * that every entry of the file has unless it gives its own. An error names the file, the line, the entry and the field.
 */
final class ScenarioFile {
    private static final String DEFAULTS = "defaults";

    private final String file;
    private final List<Scenario> scenarios = new ArrayList<>();
    private Map<String, Field> defaults = Map.of();

    private ScenarioFile(String file) {
        this.file = file;
    }

    /** The value of a field: its lines, and where it starts. */
    record Field(int line, List<String> lines) {
        String text() {
            return String.join(" ", lines);
        }
    }

    /** @param file for messages; its name without the extension is the family */
    static List<Scenario> parse(String file, String text) {
        var reader = new ScenarioFile(file);
        reader.read(text);
        return List.copyOf(reader.scenarios);
    }

    private void read(String text) {
        String name = "";
        int opened = 0;
        Map<String, Field> fields = new LinkedHashMap<>();
        String key = "";
        List<String> values = new ArrayList<>();
        int number = 0;
        for (var raw : text.split("\n", -1)) {
            number++;
            var line = raw.stripTrailing();
            if (line.isEmpty() || line.stripLeading().startsWith("#")) {
                continue;
            }
            int indent = line.length() - line.stripLeading().length();
            if (indent == 0) {
                close(name, opened, fields);
                if (!line.startsWith("scenario ") && !(line.equals(DEFAULTS) && opened == 0)) {
                    throw new CatalogueException(file, number, "", "", "expected \"scenario NAME\", got: " + line);
                }
                name = line.equals(DEFAULTS)
                        ? DEFAULTS
                        : line.substring("scenario ".length()).strip();
                opened = number;
                fields = new LinkedHashMap<>();
                key = "";
            } else if (indent == 2) {
                var parts = line.strip().split(" +", 2);
                key = parts[0];
                values = new ArrayList<>();
                if (parts.length == 2) {
                    values.add(parts[1]);
                }
                if (fields.put(key, new Field(number, values)) != null) {
                    throw new CatalogueException(file, number, name, key, "is given twice");
                }
            } else if (indent > 2 && !key.isEmpty()) {
                values.add(line.strip());
            } else {
                throw new CatalogueException(
                        file, number, name, key, "indent a field by two spaces, more continues it");
            }
        }
        close(name, opened, fields);
    }

    private void close(String name, int line, Map<String, Field> fields) {
        if (name.equals(DEFAULTS)) {
            defaults = fields;
        } else if (!name.isEmpty()) {
            defaults.forEach(fields::putIfAbsent);
            scenarios.add(new ScenarioEntry(file, line, name, fields).scenario());
        }
    }
}
