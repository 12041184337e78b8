// SPDX-License-Identifier: Apache-2.0
package upstreamreset.accesslog;

import java.util.Arrays;
import java.util.List;
import upstreamreset.accesslog.ParsedLine.Misfit;

/** Reads a line by the first of several text formats that fits it; tries the format of the previous line first. */
final class TextFormats {
    /** The answer where there is no text format. */
    static final ParsedLine NO_TEXT = new Misfit("it is not JSON, but --format is");

    private final List<AccessLogParser> parsers;
    private int last;

    TextFormats(LogFormat... formats) {
        parsers = Arrays.stream(formats).map(AccessLogParser::new).toList();
    }

    /** The entry, or why the line is none by the format that fitted last. */
    ParsedLine parse(String line) {
        if (parsers.isEmpty()) {
            return NO_TEXT;
        }
        var parsed = parsers.get(last).parse(line);
        if (parsed instanceof AccessLogEntry) {
            return parsed;
        }
        for (int i = 0; i < parsers.size(); i++) {
            if (i != last && parsers.get(i).parse(line) instanceof AccessLogEntry entry) {
                last = i;
                return entry;
            }
        }
        return parsed;
    }
}
