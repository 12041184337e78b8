// SPDX-License-Identifier: Apache-2.0
package upstreamreset.accesslog;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the rows of a table or a CSV export by the names in its head. */
record TableColumns(char separator, List<String> names) {
    private static final String SEPARATORS = "\t,;|";
    private static final int MIN_COLUMNS = 3;
    private static final int MAX_COLUMNS = 100;

    TableColumns {
        names = List.copyOf(names);
    }

    /** The columns where a line is a head: it names flags or details and two more fields, and holds nothing else than names. */
    static Optional<TableColumns> of(String line) {
        if (line.length() > 4096) {
            return Optional.empty();
        }
        for (int i = 0; i < SEPARATORS.length(); i++) {
            var names = cells(line, SEPARATORS.charAt(i));
            if (names.size() >= MIN_COLUMNS && isHead(names)) {
                return Optional.of(new TableColumns(SEPARATORS.charAt(i), names));
            }
        }
        return Optional.empty();
    }

    private static boolean isHead(List<String> names) {
        int known = 0;
        boolean proves = false;
        for (var name : names) {
            var field = FieldKeys.of(name);
            known += field.isPresent() ? 1 : 0;
            proves |= field.isPresent()
                    && (field.get() == LogField.RESPONSE_FLAGS || field.get() == LogField.RESPONSE_CODE_DETAILS);
            if (name.indexOf('=') >= 0 || name.indexOf('"') >= 0 || LooseFields.isFlags(name)) {
                return false;
            }
        }
        return proves && known >= MIN_COLUMNS;
    }

    Optional<AccessLogEntry> row(String line) {
        var cells = cells(line, separator);
        if (cells.size() != names.size()) {
            return Optional.empty();
        }
        var fields = new LooseFields();
        for (int i = 0; i < cells.size(); i++) {
            fields.add(names.get(i), cells.get(i));
        }
        return fields.entry();
    }

    /** A cell may stand in quotes, in which a quote is written twice. */
    static List<String> cells(String line, char separator) {
        var cells = new ArrayList<String>();
        if (line.indexOf(separator) < 0) {
            return cells;
        }
        var text = line.strip();
        if (separator == '|' && text.startsWith("|") && text.endsWith("|") && text.length() > 1) {
            text = text.substring(1, text.length() - 1);
        }
        var cell = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < text.length() && cells.size() < MAX_COLUMNS; i++) {
            char c = text.charAt(i);
            if (c == '"') {
                boolean twice = quoted && i + 1 < text.length() && text.charAt(i + 1) == '"';
                if (twice) {
                    cell.append('"');
                    i++;
                } else {
                    quoted = !quoted;
                }
            } else if (c == separator && !quoted) {
                cells.add(cell.toString().strip());
                cell.setLength(0);
            } else {
                cell.append(c);
            }
        }
        cells.add(cell.toString().strip());
        return cells;
    }
}
