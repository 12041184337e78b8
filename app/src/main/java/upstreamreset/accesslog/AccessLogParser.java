// SPDX-License-Identifier: Apache-2.0
package upstreamreset.accesslog;

import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import upstreamreset.accesslog.LogFormat.Token;

/**
 * Reads a line by its format. A value may hold the text that separates it from the next (a quoted user agent with quotes
 * in it): then the shortest values with which the whole line fits win. Not for several threads at once.
 */
public final class AccessLogParser {
    /** How many characters may be looked at: enough for any line that a proxy wrote; stops one that was made to cost. */
    private static final int MAX_LOOKED_AT = 2_000_000;

    private final LogFormat format;
    /** A candidate costs what it is long: all of a long line with many separators cost its square. */
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
        var values = new EnumMap<LogField, String>(LogField.class);
        var text = line.strip();
        if (match(text, 0, 0, values)) {
            return new AccessLogEntry(values);
        }
        return new ParsedLine.Misfit(why());
    }

    private boolean match(String line, int at, int index, Map<LogField, String> values) {
        furthest = Math.max(furthest, index);
        if (index == format.tokens().size()) {
            return at == line.length();
        }
        lookedAt++;
        if (isTooDear()) {
            return false;
        }
        return switch (format.tokens().get(index)) {
            case Token.Literal literal ->
                line.startsWith(literal.text(), at)
                        && match(line, at + literal.text().length(), index + 1, values);
            case Token.Operator operator -> matchValue(line, at, index, operator.field(), values);
        };
    }

    private boolean matchValue(String line, int at, int index, @Nullable LogField field, Map<LogField, String> values) {
        @Nullable String separator = separator(index + 1);
        int end = separator == null ? line.length() : line.indexOf(separator, at);
        while (end >= 0) {
            lookedAt += end - at;
            if (isTooDear()) {
                return false;
            }
            var value = line.substring(at, end);
            if ((field == null || field.fits(value)) && match(line, end, index + 1, values)) {
                if (field != null) {
                    values.put(field, value);
                }
                return true;
            }
            end = separator == null ? -1 : line.indexOf(separator, end + 1);
        }
        lookedAt += line.length() - at;
        return false;
    }

    private boolean isTooDear() {
        return lookedAt > MAX_LOOKED_AT;
    }

    /** The literal after a field; null at the end of the format. Two operators with nothing between cannot be told apart. */
    private @Nullable String separator(int index) {
        if (index == format.tokens().size()) {
            return null;
        }
        return format.tokens().get(index) instanceof Token.Literal literal ? literal.text() : "";
    }

    private String why() {
        if (isTooDear()) {
            return "the line has too many separators to be told apart";
        }
        if (furthest == format.tokens().size()) {
            return "there is more text than the format has fields";
        }
        // A literal further on was found by its text before it was reached.
        return switch (format.tokens().get(furthest)) {
            case Token.Literal literal -> "expected \"%s\" at the start".formatted(literal.text());
            case Token.Operator operator -> "%" + operator.name() + "% is missing or is not what such a field holds";
        };
    }
}
