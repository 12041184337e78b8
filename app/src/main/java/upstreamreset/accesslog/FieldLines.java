// SPDX-License-Identifier: Apache-2.0
package upstreamreset.accesslog;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads a request whose fields are on separate lines, as in a log viewer's detail view, or wrapped. */
final class FieldLines implements LineCollector {
    private static final int MAX_LINES = 300;
    private static final int MAX_LINE = 4096;

    /** {@code key: value}, {@code key = value}, {@code key<TAB>value}, {@code | key | value |}, key and value apart by blanks. */
    private static final Pattern PAIR = Pattern.compile(
            "[\\s|>*-]*[\"'`*]{0,3}(:?[A-Za-z@][A-Za-z0-9_.@-]{0,60}(?: [A-Za-z]{2,12}){0,2})[\"'`*]{0,3}\\s*(?:[:=|\\t]|\\s{2,})\\s*(.*)");

    private static final Pattern BARE = Pattern.compile("\\s*([A-Za-z@][A-Za-z0-9_.@-]{3,60}):?\\s*");

    private final Set<LogField> seen = EnumSet.noneOf(LogField.class);
    private LooseFields fields = new LooseFields();
    private String openKey = "";
    private int lines;

    @Override
    public boolean begin(String line) {
        fields = new LooseFields();
        lines = 0;
        seen.clear();
        openKey = "";
        if (!take(line) || seen.isEmpty()) {
            return false;
        }
        lines = 1;
        return true;
    }

    @Override
    public Step next(String line) {
        if (line.isBlank() && openKey.isEmpty()) {
            return Step.FOREIGN;
        }
        if (lines == MAX_LINES || !take(line)) {
            return Step.FOREIGN;
        }
        lines++;
        return Step.MORE;
    }

    private boolean take(String line) {
        if (line.length() > MAX_LINE
                || LooseReader.isApplicationLog(line)
                || KeyValueLine.pairs(line).size() > 2) {
            return false;
        }
        if (!openKey.isEmpty() && !isPairOfField(line)) {
            fields.add(openKey, line.strip());
            openKey = "";
            return true;
        }
        openKey = "";
        var bare = BARE.matcher(line);
        if (bare.matches()) {
            return isNew(bare.group(1)) && opens(bare.group(1));
        }
        var pair = PAIR.matcher(line);
        if (!pair.matches() || pair.group(2).isBlank() || !isNew(pair.group(1))) {
            return false;
        }
        fields.add(pair.group(1), unquoted(pair.group(2)));
        return true;
    }

    /** Then what came before was the name of an object, as in YAML. */
    private static boolean isPairOfField(String line) {
        var pair = PAIR.matcher(line);
        return pair.matches() && FieldKeys.of(pair.group(1)).isPresent();
    }

    private boolean opens(String key) {
        openKey = FieldKeys.of(key).isPresent() || lines > 0 ? key : "";
        return !openKey.isEmpty();
    }

    /** A field that comes again belongs to the next request. */
    private boolean isNew(String key) {
        Optional<LogField> field = FieldKeys.of(key);
        return field.isEmpty() || seen.add(field.get());
    }

    private static String unquoted(String value) {
        var text = value.strip();
        while (text.endsWith(",") || text.endsWith("|")) {
            text = text.substring(0, text.length() - 1).strip();
        }
        boolean quoted =
                text.length() > 1 && "\"'`".indexOf(text.charAt(0)) >= 0 && text.endsWith(text.substring(0, 1));
        return quoted ? text.substring(1, text.length() - 1) : text;
    }

    @Override
    public Reading end() {
        return fields.entry()
                .map(entry -> new Reading(List.of(new LogLine.Access(entry, "")), lines))
                .orElse(Reading.NOTHING);
    }
}
