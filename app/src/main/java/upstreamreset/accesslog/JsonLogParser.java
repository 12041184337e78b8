// SPDX-License-Identifier: Apache-2.0
package upstreamreset.accesslog;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;
import upstreamreset.accesslog.ParsedLine.Misfit;

/**
 * Reads a line of JSON: an access log with Istio's keys ({@code EnvoyJSONLogFormatIstio}) or a format's own, in any
 * order, among other keys; or the JSON that a log shipper wrapped around such a line.
 */
public record JsonLogParser(Map<String, LogField> byKey, boolean ownKeys) {
    private static final JsonFactory JSON = new JsonFactory();
    private static final Map<String, LogField> BY_KEY =
            Arrays.stream(LogField.values()).collect(Collectors.toUnmodifiableMap(LogField::key, field -> field));
    private static final int MAX_WORDS = 20;
    private static final int MAX_VALUES = 500;
    private static final Pattern POD = Pattern.compile("[A-Za-z0-9.-]{1,253}");
    private static final Set<String> POD_KEYS = Set.of("pod_name", "pod", "podName");
    static final Set<String> NAMESPACE_KEYS = Set.of("namespace_name", "namespace", "namespaceName", "pod_namespace");
    static final Pattern NAMESPACE = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

    /** Reads lines with Istio's keys. */
    static final JsonLogParser ISTIO = new JsonLogParser(BY_KEY, false);

    public JsonLogParser {
        byKey = Map.copyOf(byKey);
    }

    /** The content of a line: an access log, or perhaps a wrapped log line. */
    record Reading(ParsedLine parsed, Optional<String> wrapped, String pod, String namespace) {}

    /** All values of an object by their path, in their order; empty if it is not JSON. */
    static Map<String, String> values(String line) {
        var values = new LinkedHashMap<String, String>();
        try {
            walk(line, (path, value) -> {
                if (values.size() < MAX_VALUES) {
                    values.putIfAbsent(path, value);
                }
            });
        } catch (JacksonException e) {
            return Map.of();
        }
        return values;
    }

    /** Reads lines of {@code format}, for example {@code {"code":"%RESPONSE_CODE%"}}; empty if that is not JSON. */
    public static Optional<JsonLogParser> of(String format) {
        if (!format.strip().startsWith("{")) {
            return Optional.empty();
        }
        var fields = new HashMap<String, LogField>();
        try {
            walk(format, (key, value) -> {
                if (value.length() > 2 && value.startsWith("%") && value.endsWith("%")) {
                    LogField.ofOperator(value.substring(1, value.length() - 1))
                            .ifPresent(field -> fields.put(key, field));
                }
            });
        } catch (JacksonException e) {
            return Optional.empty();
        }
        return Optional.of(new JsonLogParser(fields, true));
    }

    /** Whether a line can tell that a request failed. */
    public boolean tellsFailures() {
        return byKey.containsValue(LogField.RESPONSE_CODE) || byKey.containsValue(LogField.RESPONSE_FLAGS);
    }

    /** {@code isLogLine} knows a line that may be wrapped. */
    Reading read(String line, Predicate<String> isLogLine) {
        var values = new Values(isLogLine);
        try {
            walk(line, values);
        } catch (JacksonException e) {
            return new Reading(new Misfit("it looks like JSON but cannot be parsed"), Optional.empty(), "", "");
        }
        return new Reading(values.parsed(), Optional.ofNullable(values.wrapped), values.pod, values.namespace);
    }

    /** The values of a line, each where its key says that it belongs. */
    private final class Values implements BiConsumer<String, String> {
        private final Predicate<String> isLogLine;
        private final Map<String, Map<LogField, String>> objects = new HashMap<>();
        private final Map<String, LooseFields> others = new HashMap<>();
        private @Nullable String wrapped;
        private String pod = "";
        private String namespace = "";

        Values(Predicate<String> isLogLine) {
            this.isLogLine = isLogLine;
        }

        @Override
        public void accept(String path, String value) {
            int name = path.lastIndexOf('.') + 1;
            var key = path.substring(name);
            @Nullable LogField field = byKey.get(ownKeys ? path : key);
            if (field != null) {
                objects.computeIfAbsent(ownKeys ? "" : path.substring(0, name), _ -> new EnumMap<>(LogField.class))
                        .put(field, value);
            } else if (!ownKeys && FieldKeys.of(key).isPresent()) {
                others.computeIfAbsent(path.substring(0, name), _ -> new LooseFields())
                        .add(key, value);
            } else if (POD_KEYS.contains(key) && POD.matcher(value).matches()) {
                pod = value;
            } else if (NAMESPACE_KEYS.contains(key) && NAMESPACE.matcher(value).matches()) {
                namespace = value;
            }
            if (wrapped == null && isLogLine.test(value)) {
                wrapped = value;
            }
        }

        ParsedLine parsed() {
            return objects.entrySet().stream()
                    .filter(each -> each.getValue().containsKey(LogField.RESPONSE_CODE)
                            || each.getValue().containsKey(LogField.RESPONSE_FLAGS))
                    .findFirst()
                    .<ParsedLine>map(each -> {
                        @Nullable LooseFields beside = others.get(each.getKey());
                        if (beside != null) {
                            beside.fillIn(each.getValue());
                        }
                        return new AccessLogEntry(each.getValue());
                    })
                    .orElse(new Misfit(
                            ownKeys
                                    ? "the JSON has none of the format's keys for status and flags"
                                    : "the JSON has neither \"response_code\" nor \"response_flags\""));
        }
    }

    /** Hands each value on with its path, {@code kubernetes.pod_name}; so with the words of an array. */
    private static void walk(String text, BiConsumer<String, String> sink) {
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), text)) {
            var path = new StringBuilder();
            json.nextToken();
            object(json, path, sink);
        }
    }

    /** The words of an array, flags for example; of OpenTelemetry's, whose objects have a key and a value, those go to {@code sink}. */
    private static Optional<String> array(JsonParser json, StringBuilder path, BiConsumer<String, String> sink) {
        var words = new ArrayList<String>();
        boolean plain = true;
        for (var token = json.nextToken(); token != JsonToken.END_ARRAY; token = json.nextToken()) {
            plain &= token.isScalarValue() && words.size() < MAX_WORDS;
            if (plain) {
                words.add(json.getString());
            } else if (token == JsonToken.START_OBJECT) {
                attribute(json, path, sink);
            } else {
                json.skipChildren();
            }
        }
        return plain ? Optional.of(String.join(",", words)) : Optional.empty();
    }

    private static void attribute(JsonParser json, StringBuilder path, BiConsumer<String, String> sink) {
        var members = new HashMap<String, String>();
        object(json, new StringBuilder(), members::putIfAbsent);
        @Nullable String key = members.remove("key");
        if (key != null && members.size() == 1) {
            sink.accept(path + "." + key, members.values().iterator().next());
        }
    }

    private static void object(JsonParser json, StringBuilder path, BiConsumer<String, String> sink) {
        int outer = path.length();
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            path.append(json.currentName());
            switch (json.nextToken()) {
                case START_OBJECT -> object(json, path.append('.'), sink);
                case START_ARRAY -> array(json, path, sink).ifPresent(value -> sink.accept(path.toString(), value));
                case VALUE_NULL -> {}
                default -> sink.accept(path.toString(), json.getString());
            }
            path.setLength(outer);
        }
    }
}
