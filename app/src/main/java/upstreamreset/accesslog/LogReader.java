// SPDX-License-Identifier: Apache-2.0
package upstreamreset.accesslog;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import upstreamreset.accesslog.ParsedLine.Misfit;

/**
 * Tells what each line of a log is: Istio's text, old and new, Envoy's own, JSON, a format of someone's own, or Envoy's
 * {@code client} logger. Not for several threads at once.
 */
public final class LogReader {
    private static final int LONGEST = 64 * 1024;
    private static final int SHORTEST = 60;
    private static final int LONGEST_PREFIX = 400;
    private static final byte[] STATUS = "\" 2".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] FINE = " - via_upstream - \"-\" ".getBytes(StandardCharsets.US_ASCII);
    private static final Misfit NO_TEXT = new Misfit("it is no JSON, and the format is");

    private final List<AccessLogParser> parsers = new ArrayList<>();
    private final JsonLogParser json;
    private final boolean ownFormat;

    /** Reads the formats that Istio and Envoy have by default. */
    public LogReader() {
        ownFormat = false;
        json = JsonLogParser.istio();
        for (var format : List.of(LogFormat.ISTIO, LogFormat.ENVOY, LogFormat.OLD_ISTIO)) {
            parsers.add(new AccessLogParser(LogFormat.of(format)));
        }
    }

    /** Reads lines of {@code format} and no other text format. */
    public LogReader(LogFormat format) {
        ownFormat = true;
        json = JsonLogParser.istio();
        parsers.add(new AccessLogParser(format));
    }

    /** Reads lines of JSON with keys of one's own. */
    public LogReader(JsonLogParser json) {
        ownFormat = true;
        this.json = json;
    }

    public LogLine read(String line) {
        if (line.length() > LONGEST) {
            return new LogLine.Foreign("it is longer than " + LONGEST / 1024 + " KiB");
        }
        return beginsAsAccessLog(line) && !parsers.isEmpty()
                ? access(byText(line), "")
                : wrapped(LogWrapping.withoutColours(line), "");
    }

    /** {@code pod} is who logged it, if that is known already. */
    private LogLine wrapped(String line, String pod) {
        int begin = LogWrapping.begin(line);
        // Nothing stands before it, and no text format begins so.
        boolean bareJson = !ownFormat && begin == 0 && line.charAt(0) == '{';
        var source = bareJson ? pod : LogWrapping.pod(line).orElse(pod);
        var parsed = bareJson ? NO_TEXT : byText(LogWrapping.withoutPrefix(line));
        if (parsed instanceof AccessLogEntry) {
            return access(parsed, source);
        }
        if (begin >= 0 && line.charAt(begin) == '{') {
            var reading = json.read(line.substring(begin), this::mayBeWrapped);
            if (reading.parsed() instanceof AccessLogEntry) {
                return access(reading.parsed(), source.isEmpty() ? reading.pod() : source);
            }
            if (reading.wrapped().isPresent()) {
                return wrapped(LogWrapping.withoutColours(reading.wrapped().get()), reading.pod());
            }
            parsed = parsers.isEmpty() || !ownFormat ? reading.parsed() : parsed;
        }
        var codec = EnvoyWords.codecReason(line);
        if (codec.isPresent()) {
            return new LogLine.Codec(codec.get());
        }
        if (begin > 0 && line.charAt(begin) == '[') {
            var behind = byText(line.substring(begin));
            parsed = ownFormat && behind instanceof Misfit ? parsed : behind;
        }
        return access(parsed, source);
    }

    private boolean mayBeWrapped(String text) {
        return LogWrapping.begin(text) >= 0
                || EnvoyWords.hasCodecReason(text)
                || (ownFormat && byText(text) instanceof AccessLogEntry);
    }

    /** {@code [2026-11-22T}: no prefix of kubectl, and no debug line, which has a space for the T. */
    private static boolean beginsAsAccessLog(String line) {
        return line.length() > 12 && line.charAt(0) == '[' && line.charAt(5) == '-' && line.charAt(11) == 'T';
    }

    /**
     * Whether the line is plainly one of a request that came through: Istio's or Envoy's text, or Istio's JSON, a 2xx, no
     * flags. For logs that are too long to keep; false says nothing.
     */
    public boolean plainlyFine(byte[] line, int from, int to) {
        if (ownFormat || to - from > LONGEST) {
            return false;
        }
        boolean json = from < to && line[from] == '{';
        return json ? CleanJsonScan.plainlyFine(line, from, to) : plainText(line, from, to);
    }

    private static boolean plainText(byte[] line, int from, int to) {
        int begin = begin(line, from, Math.min(to - SHORTEST, from + LONGEST_PREFIX));
        if (begin < 0) {
            return false;
        }
        int request = quote(line, begin + 12, to);
        int end = quote(line, request + 1, to);
        return is(line, end, to, STATUS) && is(line, end + 5, to, FINE);
    }

    /** Where a time in brackets begins, before which kubectl may have put the pod's name; -1 if nowhere before {@code to}. */
    private static int begin(byte[] line, int from, int to) {
        for (int at = from; at <= to; at++) {
            if (line[at] == '[' && line[at + 5] == '-' && line[at + 11] == 'T') {
                return at;
            }
        }
        return -1;
    }

    /** Where the next quotation mark is; {@code to} if there is none. */
    private static int quote(byte[] line, int from, int to) {
        int at = from;
        while (at < to && line[at] != '"') {
            at++;
        }
        return at;
    }

    private static boolean is(byte[] line, int from, int to, byte[] text) {
        return from + text.length <= to && Arrays.equals(line, from, from + text.length, text, 0, text.length);
    }

    private static LogLine access(ParsedLine parsed, String source) {
        return switch (parsed) {
            case AccessLogEntry entry -> new LogLine.Access(entry, source);
            case Misfit misfit -> new LogLine.Foreign(misfit.why());
        };
    }

    /** The parser that understood a line stands first for the next one. */
    private ParsedLine byText(String text) {
        Misfit first = NO_TEXT;
        for (int i = 0; i < parsers.size(); i++) {
            var parsed = parsers.get(i).parse(text);
            if (parsed instanceof AccessLogEntry) {
                parsers.addFirst(parsers.remove(i));
                return parsed;
            }
            if (i == 0 && parsed instanceof Misfit misfit) {
                first = misfit;
            }
        }
        return first;
    }
}
