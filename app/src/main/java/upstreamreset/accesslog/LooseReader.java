// SPDX-License-Identifier: Apache-2.0
package upstreamreset.accesslog;

import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads lines that people copied, exported, truncated or renamed. It answers only if the line is provably a proxy's,
 * and prefers the most certain reading.
 */
final class LooseReader {
    private static final int MAX_DEPTH = 4;
    private static final int MIN_LINE = 12;

    /** Objects of a shipper's JSON that speak of the log, not of the request. */
    private static final Pattern ABOUT_THE_LOG = Pattern.compile(
            "(?i)(?:^|\\.)(?:kubernetes|k8s|docker|container|agent|ecs|host|resource|metadata|cloud|log|logging)\\.");

    private static final Pattern POD_KEY =
            Pattern.compile("(?i)(?:.*\\.)?pod_?name|(?:.*\\.)?pod|(?:.*\\.)?k8s\\.pod\\.name");
    private static final Pattern POD = Pattern.compile("[a-z0-9][a-z0-9.-]{0,252}");

    private static final Pattern APPLICATION = Pattern.compile(
            "20\\d\\d-\\d\\d-\\d\\dT[0-9:.]{8,18}Z\\s+(?:trace|debug|info|warn|warning|error|critical)\\s+(?!access)[a-zA-Z]");
    private static final Pattern RULE = Pattern.compile("[\\s|:+=-]{5,}");

    /** A line with only some of the keys may continue on the next. */
    private static final Set<LogField> PROOF =
            Set.of(LogField.RESPONSE_CODE, LogField.RESPONSE_FLAGS, LogField.RESPONSE_CODE_DETAILS);

    private final LogReader reader;
    private @Nullable TableColumns columns;

    LooseReader(LogReader reader) {
        this.reader = reader;
    }

    Optional<LogLine> read(String line, int depth) {
        if (line.length() < MIN_LINE || depth > MAX_DEPTH || isApplicationLog(line)) {
            return Optional.empty();
        }
        if (columns == null && !EnvoySigns.in(line)) {
            return Optional.empty();
        }
        var row = row(line);
        if (row.isPresent()) {
            return row;
        }
        var json = json(line, depth);
        if (json.isPresent()) {
            return json;
        }
        var plain = PlainText.of(line);
        var first = reading(plain, line);
        if (first.isPresent()) {
            return first;
        }
        for (int i = depth; i < MAX_DEPTH; i++) {
            var unescaped = PlainText.unescaped(plain);
            if (unescaped.equals(plain)) {
                return Optional.empty();
            }
            plain = unescaped;
            var next = reading(plain, line);
            if (next.isPresent()) {
                return next;
            }
        }
        return Optional.empty();
    }

    boolean isInTable() {
        return columns != null;
    }

    /** A row of the table whose head came before, or a head. */
    private Optional<LogLine> row(String line) {
        if (columns != null) {
            var entry = columns.row(line);
            if (entry.isPresent()) {
                return Optional.of(new LogLine.Access(entry.get(), ""));
            }
            if (RULE.matcher(line).matches()) {
                return Optional.of(new LogLine.Head());
            }
        }
        var head = TableColumns.of(line);
        columns = head.orElse(columns);
        return head.map(_ -> new LogLine.Head());
    }

    /**
     * Whether Envoy's own log or the sidecar's wrote the line, not an access log: {@code [2026-11-22 20:00:00.123][15][debug]},
     * {@code 2026-11-22T20:00:00.123456Z debug envoy}. They are most of a debug log.
     */
    static boolean isApplicationLog(String line) {
        if (line.startsWith("[20") && line.length() > 30 && line.charAt(11) == ' ' && line.indexOf("][", 20) > 0) {
            return true;
        }
        return line.startsWith("20")
                && line.length() > 40
                && line.charAt(10) == 'T'
                && APPLICATION.matcher(line).lookingAt();
    }

    private Optional<LogLine> reading(String plain, String original) {
        if (!plain.equals(original)) {
            var strict = reader.strict(plain);
            if (!(strict instanceof LogLine.Foreign)) {
                return Optional.of(strict);
            }
            var json = json(plain, 1);
            if (json.isPresent()) {
                return json;
            }
        }
        var pod = LogWrapping.pod(original).orElse("");
        var ambient = ZtunnelLine.text(plain);
        if (ambient.isPresent()) {
            return Optional.of(new LogLine.Ambient(ambient.get(), pod));
        }
        if (plain.contains("\\\"") || plain.contains("\"\"")) {
            return Optional.empty();
        }
        var kuma = KumaLine.read(plain);
        if (kuma.isPresent()) {
            return Optional.of(new LogLine.Access(kuma.get(), pod));
        }
        var pairs = KeyValueLine.read(plain).entry();
        if (pairs.isPresent()) {
            reader.setGuessed(mayGoOn(pairs.get()));
            return Optional.of(new LogLine.Access(pairs.get(), pod));
        }
        var fragment = LineFragment.read(plain);
        if (fragment.isPresent()) {
            reader.setGuessed(!fragment.get().whole());
            return Optional.of(new LogLine.Access(fragment.get().entry(), pod));
        }
        return Optional.empty();
    }

    /** Whether the fields that count are not all there, or the reset's reason is not. */
    private static boolean mayGoOn(AccessLogEntry entry) {
        var details = entry.text(LogField.RESPONSE_CODE_DETAILS).orElse("");
        return !entry.fields().keySet().containsAll(PROOF)
                || details.endsWith("_started")
                || (details.indexOf('{') > 0 && details.indexOf('}') < 0);
    }

    private Optional<LogLine> json(String line, int depth) {
        int begin = line.indexOf('{');
        if (begin < 0 || line.indexOf('}', begin) < 0) {
            return Optional.empty();
        }
        var values = JsonLogParser.values(line.substring(begin));
        if (values.isEmpty()) {
            return Optional.empty();
        }
        var pod = LogWrapping.pod(line).orElseGet(() -> pod(values));
        var ambient = ZtunnelLine.json(values);
        if (ambient.isPresent()) {
            return Optional.of(new LogLine.Ambient(ambient.get(), pod));
        }
        var entry = entry(values);
        if (entry.isPresent()) {
            return Optional.of(new LogLine.Access(entry.get(), pod, namespace(values)));
        }
        for (var value : values.values()) {
            if ((value.length() >= MIN_LINE && value.indexOf(' ') >= 0) || value.startsWith("{")) {
                var strict = reader.strict(value.strip());
                var inner = strict instanceof LogLine.Foreign ? read(value.strip(), depth + 1) : Optional.of(strict);
                if (inner.isPresent()) {
                    return inner.map(each -> inPod(each, pod, namespace(values)));
                }
            }
        }
        return Optional.empty();
    }

    /** The object that has flags or details counts first: another may be about the log. */
    private static Optional<AccessLogEntry> entry(Map<String, String> values) {
        var objects = new HashSet<String>();
        for (var path : values.keySet()) {
            var field = FieldKeys.of(path);
            if (field.equals(Optional.of(LogField.RESPONSE_FLAGS))
                    || field.equals(Optional.of(LogField.RESPONSE_CODE_DETAILS))
                    || LooseFields.isEnvoysDetails(values.get(path))) {
                objects.add(object(path));
            }
        }
        if (objects.isEmpty()) {
            return Optional.empty();
        }
        var fields = new LooseFields();
        values.forEach((path, value) -> {
            if (objects.contains(object(path))) {
                fields.add(path, value);
            }
        });
        values.forEach((path, value) -> {
            if (!objects.contains(object(path))
                    && !ABOUT_THE_LOG.matcher(path).find()
                    && FieldKeys.of(path).isPresent()) {
                fields.add(path, value);
            }
        });
        return fields.entry();
    }

    private static String object(String path) {
        int last = path.lastIndexOf('.');
        return last < 0 ? "" : path.substring(0, last);
    }

    private static String pod(Map<String, String> values) {
        for (var value : values.entrySet()) {
            if (POD_KEY.matcher(value.getKey()).matches()
                    && POD.matcher(value.getValue()).matches()) {
                return value.getValue();
            }
        }
        return "";
    }

    private static String namespace(Map<String, String> values) {
        for (var value : values.entrySet()) {
            var path = value.getKey();
            if ((JsonLogParser.NAMESPACE_KEYS.contains(path.substring(path.lastIndexOf('.') + 1))
                            || path.endsWith("k8s.namespace.name"))
                    && JsonLogParser.NAMESPACE.matcher(value.getValue()).matches()) {
                return value.getValue();
            }
        }
        return "";
    }

    private static LogLine inPod(LogLine line, String pod, String namespace) {
        if (line instanceof LogLine.Access access) {
            return access.from(pod, namespace);
        }
        return line instanceof LogLine.Ambient ambient && ambient.source().isEmpty()
                ? new LogLine.Ambient(ambient.connection(), pod)
                : line;
    }
}
