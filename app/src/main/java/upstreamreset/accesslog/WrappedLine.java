// SPDX-License-Identifier: Apache-2.0
package upstreamreset.accesslog;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Joins a text line that was wrapped at any width. */
final class WrappedLine implements LineCollector {
    private static final int MAX_PIECES = 64;
    private static final int MIN_KEYS = 3;

    /** Envoy's own format without a value is not shorter. */
    private static final int MIN_WHOLE = 60;

    private static final int MAX_CHARS = 16 * 1024;

    /** A request at the beginning of a line, or after a quote. */
    private static final Pattern REQUEST =
            Pattern.compile("(?:^|[^A-Za-z0-9])(?:GET|POST|PUT|HEAD|DELETE|PATCH|OPTIONS|CONNECT)[ \u00a0][/*]");

    /** How the time of an access log begins, be the line ever so short. */
    private static final Pattern TIME = Pattern.compile("\\[20\\d\\d-(?:\\d(?:\\d(?:-(?:\\d(?:\\d(?:T.*)?)?)?)?)?)?");

    private static final Pattern STARTS_ANEW =
            Pattern.compile("(?:\\[pod/[^ ]+] )?\\[20\\d\\d-\\d\\d-\\d\\d.*|20\\d\\d-\\d\\d-\\d\\dT.*|[*<>] .*");

    private final LogReader reader;
    private final List<String> pieces = new ArrayList<>();
    private int chars;
    private boolean isChanged;
    private Set<LogField> keys = Set.of();
    private List<LogLine> whole = List.of();

    WrappedLine(LogReader reader) {
        this.reader = reader;
    }

    @Override
    public boolean begin(String line) {
        if (line.length() > MAX_CHARS || LooseReader.isApplicationLog(line)) {
            return false;
        }
        int time = line.indexOf("[20");
        boolean begins = reader.wasCut()
                || (time >= 0 && TIME.matcher(line.substring(time)).matches())
                || REQUEST.matcher(line).find()
                || ZtunnelLine.mayBePart(line)
                || keys(line).size() >= MIN_KEYS;
        if (begins) {
            keys = keys(line);
            isChanged = !PlainText.of(line).equals(line) || line.contains("\\\"") || line.contains("\"\"");
            pieces.clear();
            pieces.add(line);
            chars = line.length();
            whole = List.of();
        }
        return begins;
    }

    /** The fields whose keys a line of key=value has; one that comes again begins the next request. */
    private static Set<LogField> keys(String line) {
        var fields = EnumSet.noneOf(LogField.class);
        if (line.split("[=:]", MIN_KEYS + 1).length <= MIN_KEYS) {
            return fields;
        }
        for (var pair : KeyValueLine.pairs(line)) {
            FieldKeys.of(pair.key()).ifPresent(fields::add);
        }
        return fields;
    }

    @Override
    public Step next(String line) {
        if (line.isBlank()
                || pieces.size() == MAX_PIECES
                || chars + line.length() > MAX_CHARS
                || STARTS_ANEW.matcher(line).matches()
                || line.startsWith("{\"")
                || (!keys.isEmpty() && !Collections.disjoint(keys, keys(line)))) {
            return Step.FOREIGN;
        }
        pieces.add(line);
        chars += line.length();
        boolean mayBeLast = !Wrap.isAtAWidth(pieces) || line.length() != Wrap.width(pieces);
        if (mayBeLast && chars >= MIN_WHOLE) {
            for (var join : Wrap.joins(pieces)) {
                var read = reader.asItsFormatHasIt(join);
                if (read instanceof LogLine.Foreign && isChanged) {
                    read = reader.read(join);
                }
                if (read instanceof LogLine.Access access && !reader.wasGuessed() && hasKnownFlags(access)) {
                    whole = List.of(read);
                    return Step.LAST;
                }
            }
        }
        return Step.MORE;
    }

    /** Else the join took a part of another word for the flags. */
    private static boolean hasKnownFlags(LogLine.Access line) {
        return !LoggedExchange.of(line.entry()).hasForeignFlags();
    }

    /** The pieces together; of a line that was cut too, those that tell most. */
    @Override
    public Reading end() {
        if (!whole.isEmpty()) {
            return new Reading(whole, pieces.size());
        }
        if (pieces.stream().noneMatch(EnvoySigns::in)) {
            return Reading.NOTHING;
        }
        var best = new BestReading(reader);
        int used = 0;
        for (int i = 1; i <= pieces.size(); i++) {
            if (best.offer(Wrap.joins(pieces.subList(0, i)))) {
                used = i;
            }
        }
        return new Reading(best.line().stream().toList(), used);
    }
}
