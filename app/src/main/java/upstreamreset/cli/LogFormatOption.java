// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import org.jspecify.annotations.Nullable;
import upstreamreset.accesslog.JsonLogParser;
import upstreamreset.accesslog.LogFormat;
import upstreamreset.accesslog.LogReader;

/** {@code --format}: the access log's own format, shared by all commands that read one. */
final class LogFormatOption {
    private @Nullable String format;

    void addTo(Syntax syntax) {
        syntax.option("--format", "STRING", String.class, value -> format = value)
                .description(
                        "The accessLogFormat of your mesh, if you changed it: text or JSON, as in the MeshConfig.");
    }

    boolean given() {
        return format != null;
    }

    /** Throws {@code IllegalArgumentException} where such a log tells no failure. */
    LogReader reader() {
        if (format == null) {
            return new LogReader();
        }
        var json = JsonLogParser.of(format);
        var parsed = LogFormat.of(format);
        if (!json.map(JsonLogParser::tellsFailures).orElse(parsed.tellsFailures())) {
            throw new IllegalArgumentException(
                    "--format has neither %RESPONSE_CODE% nor %RESPONSE_FLAGS%; copy accessLogFormat from your MeshConfig"
                            + " (kubectl -n istio-system get configmap istio -o yaml)");
        }
        return json.map(LogReader::new).orElseGet(() -> new LogReader(parsed));
    }
}
