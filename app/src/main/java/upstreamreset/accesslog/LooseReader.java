// SPDX-License-Identifier: Apache-2.0
package upstreamreset.accesslog;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads what people made of a line: copied, exported, cut, in another vendor's keys. It answers only where the line proves to
 * be a proxy's, the most certain reading first.
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

    private final LogReader reader;

    LooseReader(LogReader reader) {
        this.reader = reader;
    }

    Optional<LogLine> read(String line, int depth) {
        if (line.length() < MIN_LINE || depth > MAX_DEPTH) {
            return Optional.empty();
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
        var pairs = KeyValueLine.read(plain).entry();
        if (pairs.isPresent()) {
            return Optional.of(new LogLine.Access(pairs.get(), pod));
        }
        var fragment = LineFragment.read(plain);
        if (fragment.isPresent()) {
            if (!fragment.get().whole()) {
                reader.setCut();
            }
            return Optional.of(new LogLine.Access(fragment.get().entry(), pod));
        }
        return Optional.empty();
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
            return Optional.of(new LogLine.Access(entry.get(), pod));
        }
        for (var value : values.values()) {
            if ((value.length() >= MIN_LINE && value.indexOf(' ') >= 0) || value.startsWith("{")) {
                var strict = reader.strict(value.strip());
                var inner = strict instanceof LogLine.Foreign ? read(value.strip(), depth + 1) : Optional.of(strict);
                if (inner.isPresent()) {
                    return inner.map(each -> inPod(each, pod));
                }
            }
        }
        return Optional.empty();
    }

    /** The object that has flags or details counts first: another may be about the log. */
    private static Optional<AccessLogEntry> entry(Map<String, String> values) {
        var objects = new HashMap<String, Boolean>();
        var fields = new LooseFields();
        for (var path : values.keySet()) {
            var field = FieldKeys.of(path);
            if (field.equals(Optional.of(LogField.RESPONSE_FLAGS))
                    || field.equals(Optional.of(LogField.RESPONSE_CODE_DETAILS))
                    || LooseFields.isEnvoysDetails(values.get(path))) {
                objects.put(object(path), true);
            }
        }
        values.forEach((path, value) -> {
            if (objects.containsKey(object(path))) {
                fields.add(path, value);
            }
        });
        if (objects.isEmpty()) {
            return Optional.empty();
        }
        values.forEach((path, value) -> {
            if (!objects.containsKey(object(path))
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

    private static LogLine inPod(LogLine line, String pod) {
        if (line instanceof LogLine.Access access && access.source().isEmpty()) {
            return new LogLine.Access(access.entry(), pod);
        }
        return line instanceof LogLine.Ambient ambient && ambient.source().isEmpty()
                ? new LogLine.Ambient(ambient.connection(), pod)
                : line;
    }
}
