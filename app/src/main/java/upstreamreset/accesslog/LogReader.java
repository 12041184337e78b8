// SPDX-License-Identifier: Apache-2.0
package upstreamreset.accesslog;

import org.jspecify.annotations.Nullable;

/**
 * Classifies each line of a log: Istio's text, old and new, Envoy's default, JSON, a custom format, or Envoy's {@code
 * client} logger. Not thread-safe.
 */
public final class LogReader {
    private static final int MAX_LINE = 64 * 1024;
    private static final String TOO_LONG = "it is longer than " + MAX_LINE / 1024 + " KiB";

    /** The expected format of the lines, whose misfit is reported. */
    private enum Expected {
        DEFAULTS,
        OWN_TEXT,
        OWN_JSON
    }

    private final Expected expected;
    private final TextFormats text;
    private final JsonLogParser json;
    private @Nullable LooseReader loose;
    private boolean cut;
    private boolean guessed;

    private LogReader(Expected expected, TextFormats text, JsonLogParser json) {
        this.expected = expected;
        this.text = text;
        this.json = json;
    }

    /** Reads the formats that Istio and Envoy have by default. */
    public LogReader() {
        this(
                Expected.DEFAULTS,
                new TextFormats(
                        LogFormat.of(LogFormat.ISTIO),
                        LogFormat.of(LogFormat.ENVOY),
                        LogFormat.of(LogFormat.OLD_ISTIO),
                        LogFormat.of(LogFormat.OLDEST_ISTIO),
                        LogFormat.of(LogFormat.FIRST_ISTIO)),
                JsonLogParser.ISTIO);
    }

    /** Reads lines of {@code format} and no other text format. */
    public LogReader(LogFormat format) {
        this(Expected.OWN_TEXT, new TextFormats(format), JsonLogParser.ISTIO);
    }

    /** Reads lines of JSON with keys of one's own. */
    public LogReader(JsonLogParser json) {
        this(Expected.OWN_JSON, new TextFormats(), json);
    }

    public LogLine read(String line) {
        return orLooser(asItsFormatHasIt(line), line);
    }

    /** {@code strict}, which is what {@link #asItsFormatHasIt} makes of the line; what a looser reading makes of it if that tells more. */
    LogLine orLooser(LogLine strict, String line) {
        if (expected != Expected.DEFAULTS || !isPoor(strict) || line.length() > MAX_LINE) {
            return strict;
        }
        if (loose == null) {
            loose = new LooseReader(this);
        }
        return loose.read(line, 0).orElse(strict);
    }

    /** As {@link #read}, for an unchanged line. */
    LogLine asItsFormatHasIt(String line) {
        cut = false;
        guessed = false;
        return line.length() > MAX_LINE ? new LogLine.Foreign(TOO_LONG) : strict(line);
    }

    /** Whether a looser reading may tell more; a codec's message is what it is. */
    private static boolean isPoor(LogLine line) {
        return line instanceof LogLine.Foreign
                || (line instanceof LogLine.Access access
                        && access.entry().text(LogField.RESPONSE_CODE).isEmpty());
    }

    /** Whether the line that was read last is only the first part of one. */
    boolean wasCut() {
        return cut;
    }

    /** Whether a table's head came before, so that any line may be a row. */
    boolean isInTable() {
        return loose != null && loose.isInTable();
    }

    /** Reads a complete line in its format. */
    LogLine strict(String line) {
        return beginsAsAccessLog(line, 0) && expected != Expected.OWN_JSON
                ? logLine(text.parse(line), "")
                : unwrap(LogWrapping.withoutColours(line), "");
    }

    /** Whether the line that was read last has no format that says where it ends. */
    boolean wasGuessed() {
        return guessed;
    }

    /** As {@link LooseReader} tells it of the line that it reads. */
    void setGuessed(boolean isCut) {
        guessed = true;
        cut = isCut;
    }

    /** Whether it reads the formats that Istio and Envoy have by default. */
    public boolean readsDefaults() {
        return expected == Expected.DEFAULTS;
    }

    /** {@code [2026-11-22T}: no prefix of kubectl, and no debug line, which has a space for the T. */
    static boolean beginsAsAccessLog(String line, int at) {
        return line.length() > at + 12
                && line.charAt(at) == '['
                && line.charAt(at + 5) == '-'
                && line.charAt(at + 11) == 'T';
    }

    /**
     * Tries what {@code line} can be, the most certain first: a text format, JSON, a line that a shipper's JSON holds as a
     * string, the codec's message, a text format somewhere behind a prefix.
     *
     * @param outerPod the pod that the wrapping names
     */
    private LogLine unwrap(String line, String outerPod) {
        int begin = LogWrapping.begin(line);
        char first = begin < 0 ? ' ' : line.charAt(begin);
        var pod = LogWrapping.pod(line).orElse(outerPod);
        // No default text format begins as JSON does.
        boolean bareJson = first == '{' && begin == 0 && expected == Expected.DEFAULTS;
        var parsed = bareJson ? TextFormats.NO_TEXT : text.parse(LogWrapping.withoutPrefix(line));
        if (parsed instanceof AccessLogEntry entry) {
            return new LogLine.Access(entry, pod);
        }
        if (first == '{') {
            var reading = json.read(line.substring(begin), this::mayBeLogLine);
            if (reading.parsed() instanceof AccessLogEntry entry) {
                return new LogLine.Access(entry, pod.isEmpty() ? reading.pod() : pod, reading.namespace());
            }
            if (reading.wrapped().isPresent()) {
                var inner = unwrap(LogWrapping.withoutColours(reading.wrapped().get()), reading.pod());
                return inner instanceof LogLine.Access access ? access.from(reading.pod(), reading.namespace()) : inner;
            }
            parsed = expected == Expected.OWN_TEXT ? parsed : reading.parsed();
        }
        var codec = EnvoyWords.codecReason(line);
        if (codec.isPresent()) {
            return new LogLine.Codec(codec.get());
        }
        var http2 = EnvoyWords.http2Refusal(line);
        if (http2.isPresent()) {
            return new LogLine.Http2(http2.get());
        }
        if (first == '[' && begin > 0) {
            var behind = text.parse(line.substring(begin));
            parsed = expected == Expected.DEFAULTS || behind instanceof AccessLogEntry ? behind : parsed;
        }
        return logLine(parsed, pod);
    }

    /** Whether a string in JSON can be a line that a shipper wrapped. */
    private boolean mayBeLogLine(String value) {
        return LogWrapping.begin(value) >= 0
                || EnvoyWords.codecReason(value).isPresent()
                || (expected == Expected.OWN_TEXT && text.parse(value) instanceof AccessLogEntry);
    }

    private static LogLine logLine(ParsedLine parsed, String pod) {
        return switch (parsed) {
            case AccessLogEntry entry -> new LogLine.Access(entry, pod);
            case ParsedLine.Misfit misfit -> new LogLine.Foreign(misfit.why());
        };
    }

    /**
     * Whether the line is certainly one of a request that came through: Istio's or Envoy's text, or Istio's JSON, a 2xx, no
     * flags. For logs that are too long to keep; false says nothing.
     */
    public boolean isClean(byte[] line, int from, int to) {
        return expected == Expected.DEFAULTS && to - from <= MAX_LINE && CleanLineScan.isClean(line, from, to);
    }
}
