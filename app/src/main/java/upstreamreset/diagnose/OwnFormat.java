// SPDX-License-Identifier: Apache-2.0
package upstreamreset.diagnose;

import java.util.Optional;
import tools.jackson.databind.JsonNode;
import upstreamreset.accesslog.JsonLogParser;
import upstreamreset.accesslog.LogFormat;
import upstreamreset.accesslog.LogReader;
import upstreamreset.output.JsonTree;

/** The format that a proxy's own configuration has for its access log: of a mesh that changed it, no default fits. */
final class OwnFormat {
    private static final int MAX_FORMAT = 64 << 10;

    private OwnFormat() {}

    /** What reads it, by a dump of the listeners; empty where none is set, or such a log tells no failure. */
    static Optional<LogReader> of(JsonNode listeners) {
        if (listeners.has("log_format")) {
            return ofLog(listeners.path("log_format"));
        }
        for (var child : listeners) {
            var found = of(child);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private static Optional<LogReader> ofLog(JsonNode format) {
        var json = format.path("json_format");
        if (json.isObject() && !(json.has("response_code") && json.has("response_flags") && json.has("path"))) {
            return JsonLogParser.of(JsonTree.text(json))
                    .filter(JsonLogParser::tellsFailures)
                    .map(LogReader::new);
        }
        var text = format.path("text_format_source")
                .path("inline_string")
                .asString(format.path("text_format").asString(""));
        if (text.isBlank() || text.length() > MAX_FORMAT || text.strip().equals(LogFormat.ISTIO)) {
            return Optional.empty();
        }
        var parsed = LogFormat.of(text);
        return parsed.tellsFailures() ? Optional.of(new LogReader(parsed)) : Optional.empty();
    }
}
