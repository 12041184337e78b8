// SPDX-License-Identifier: Apache-2.0
package upstreamreset.accesslog;

import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a line by its format. If a value contains the separator to the next value (for example quotes in a quoted user
 * agent), the shortest values that fit the whole line win. Not thread-safe.
 */
public final class AccessLogParser {
    /** The limit of characters to examine: enough for any line that a proxy wrote; stops lines made to be expensive. */
    private static final int MAX_LOOKED_AT = 2_000_000;

    private final LogFormat format;

    /** A candidate costs its length, so all candidates of a long line with many separators cost its square. */
    private long lookedAt;

    private int furthest;

    public AccessLogParser(LogFormat format) {
        this.format = format;
    }

    /** Reads Istio's text format. */
    public static AccessLogParser istio() {
        return new AccessLogParser(LogFormat.of(LogFormat.ISTIO));
    }

    public ParsedLine parse(String line) {
        lookedAt = 0;
        furthest = 0;
        var text = line.strip();
        if (!text.startsWith(format.start())) {
            return new ParsedLine.Misfit("expected \"%s\" at the start".formatted(format.start()));
        }
        var values = new EnumMap<LogField, String>(LogField.class);
        return match(text, format.start().length(), 0, values)
                ? new AccessLogEntry(values)
                : new ParsedLine.Misfit(why());
    }

    private boolean match(String line, int at, int index, Map<LogField, String> values) {
        furthest = Math.max(furthest, index);
        if (index == format.operators().size()) {
            return at == line.length();
        }
        var operator = format.operators().get(index);
        @Nullable LogField field = operator.field();
        // Two operators with nothing between cannot be told apart.
        boolean last =
                operator.separator().isEmpty() && index == format.operators().size() - 1;
        int end = last ? line.length() : line.indexOf(operator.separator(), at);
        while (end >= 0) {
            lookedAt += end - at + 1;
            if (isTooDear()) {
                return false;
            }
            var value = line.substring(at, end);
            if ((field == null || field.fits(value))
                    && match(line, end + operator.separator().length(), index + 1, values)) {
                if (field != null) {
                    values.put(field, value);
                }
                return true;
            }
            end = last ? -1 : line.indexOf(operator.separator(), end + 1);
        }
        lookedAt += line.length() - at;
        return false;
    }

    private boolean isTooDear() {
        return lookedAt > MAX_LOOKED_AT;
    }

    private String why() {
        if (isTooDear()) {
            return "the line has too many separators to parse";
        }
        return furthest == format.operators().size()
                ? "the line has more text than the format has fields"
                : "%" + format.operators().get(furthest).name() + "% is missing or has an invalid value";
    }
}
