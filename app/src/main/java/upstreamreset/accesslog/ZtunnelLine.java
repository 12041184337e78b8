// SPDX-License-Identifier: Apache-2.0
package upstreamreset.accesslog;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads ztunnel's access log, text or JSON ({@code src/proxy/metrics.rs} and {@code src/telemetry.rs} of istio/ztunnel). */
final class ZtunnelLine {
    private static final Pattern FIELD = Pattern.compile(
            "(?<![\\w.])((?:src|dst)\\.[a-z_]{1,20}|direction|bytes_sent|bytes_recv|duration|error)\\s?=\\s?"
                    + "(?:\"((?:[^\"\\\\]|\\\\.)*+)\"|(\\S+))");
    private static final Pattern PART =
            Pattern.compile("(?<![\\w.])(?:src|dst)\\.(?:addr|workload|namespace|identity|service|hbone_addr)\\s?=");
    private static final Pattern CUT_ERROR = Pattern.compile("(?<![\\w.])error=\"((?:[^\"\\\\]|\\\\.)*+)$");

    /** Each tells who the connection was of. */
    private static final List<String> PEERS = List.of(
            "dst.addr", "src.addr", "dst.workload", "src.workload", "dst.service", "src.identity", "dst.identity");

    private ZtunnelLine() {}

    /** Whether the line may be a part of one that somebody wrapped. */
    static boolean mayBePart(String line) {
        return (line.contains("src.") || line.contains("dst."))
                && PART.matcher(line).find();
    }

    /** Nothing for a line that is not ztunnel's, or tells only that a connection began. */
    static Optional<AmbientConnection> text(String line) {
        if (!line.contains("src.") && !line.contains("dst.")) {
            return Optional.empty();
        }
        var fields = new HashMap<String, String>();
        var field = FIELD.matcher(line);
        while (field.find()) {
            var quoted = field.group(2);
            fields.putIfAbsent(
                    field.group(1),
                    quoted == null
                            ? field.group(3)
                            : quoted.replace("\\\"", "\"").replace("\\\\", "\\"));
        }
        if (!fields.containsKey("error")) {
            var cut = CUT_ERROR.matcher(line);
            if (cut.find()) {
                fields.put("error", cut.group(1));
            }
        }
        return of(fields);
    }

    /** From the values of JSON by their path; ztunnel's own keys hold the point. */
    static Optional<AmbientConnection> json(Map<String, String> values) {
        var fields = new HashMap<String, String>();
        values.forEach((path, value) -> {
            for (var key = path; ; key = key.substring(key.indexOf('.') + 1)) {
                if (FIELD.matcher(key + "=x").matches()) {
                    fields.putIfAbsent(key, value);
                    break;
                }
                if (key.indexOf('.') < 0) {
                    break;
                }
            }
        });
        return of(fields);
    }

    private static Optional<AmbientConnection> of(Map<String, String> fields) {
        boolean ends = fields.containsKey("direction") || fields.containsKey("duration") || fields.containsKey("error");
        boolean peers = PEERS.stream().anyMatch(fields::containsKey);
        boolean complete = fields.containsKey("error") || fields.containsKey("bytes_sent");
        return ends && peers && complete ? Optional.of(new AmbientConnection(fields)) : Optional.empty();
    }
}
