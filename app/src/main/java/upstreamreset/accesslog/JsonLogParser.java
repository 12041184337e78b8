// SPDX-License-Identifier: Apache-2.0
package upstreamreset.accesslog;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;
import upstreamreset.accesslog.ParsedLine.Misfit;

/** Reads a line of JSON with any of Istio's keys ({@code EnvoyJSONLogFormatIstio}), in any order, others beside them. */
final class JsonLogParser {
    private static final JsonFactory JSON = new JsonFactory();
    private static final Map<String, LogField> BY_KEY =
            Arrays.stream(LogField.values()).collect(Collectors.toUnmodifiableMap(LogField::key, field -> field));

    private JsonLogParser() {}

    static ParsedLine parse(String line) {
        var values = new EnumMap<LogField, String>(LogField.class);
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), line)) {
            json.nextToken();
            while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                @Nullable LogField field = BY_KEY.get(json.currentName());
                var token = json.nextToken();
                if (token == JsonToken.START_OBJECT || token == JsonToken.START_ARRAY) {
                    json.skipChildren();
                } else if (field != null && token != JsonToken.VALUE_NULL) {
                    values.put(field, json.getString());
                }
            }
            if (json.currentToken() != JsonToken.END_OBJECT) {
                return new Misfit("the JSON object does not end");
            }
        } catch (JacksonException e) {
            return new Misfit("it starts as JSON and is none");
        }
        if (!values.containsKey(LogField.RESPONSE_CODE) && !values.containsKey(LogField.RESPONSE_FLAGS)) {
            return new Misfit("the JSON has neither \"response_code\" nor \"response_flags\"");
        }
        return new AccessLogEntry(values);
    }
}
