// SPDX-License-Identifier: Apache-2.0
package upstreamreset.accesslog;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Takes a log store's response apart: the objects of its arrays (hits, events, entries) and the strings that hold a
 * line.
 */
final class JsonParts {
    private static final JsonFactory JSON = new JsonFactory();
    private static final int MAX_PARTS = 20_000;
    private static final int MIN_STRING = 20;
    private static final int MAX_DEPTH = 3;

    private static final Pattern SEVERAL = Pattern.compile("\\[\\s*(?:[{\\[]|\"(?=[^\"]{20}))");

    /** One field of a record in OpenTelemetry's JSON, which is not a record; a value that is a line makes it one. */
    private static final Pattern ATTRIBUTE =
            Pattern.compile("\\{\\s*\"key\"\\s*:\\s*\"[^\"]*\"\\s*,\\s*\"value\"\\s*:(?!\\s*\"(?:\\[20|\\{))");

    private static final Pattern BEGIN = Pattern.compile("\\{\\s*\"|\\[\\s*[{\\[\"]");

    private JsonParts() {}

    /** Whether there is an array that may hold more than words. */
    private static boolean hasSeveral(String text) {
        return SEVERAL.matcher(text).find();
    }

    /** The lines that {@code reader} reads from the parts, and from their parts; none if they are not a request's. */
    static List<LogLine> lines(String text, LogReader reader) {
        return lines(text, reader, 0);
    }

    private static List<LogLine> lines(String text, LogReader reader, int depth) {
        var lines = new ArrayList<LogLine>();
        if (depth > MAX_DEPTH || !hasSeveral(text)) {
            return lines;
        }
        for (var part : of(text)) {
            if (ATTRIBUTE.matcher(part).lookingAt()) {
                continue;
            }
            var inner = lines(part, reader, depth + 1);
            if (!inner.isEmpty()) {
                lines.addAll(inner);
                continue;
            }
            var line = reader.read(part);
            if (!(line instanceof LogLine.Foreign)) {
                lines.add(line);
            }
        }
        return lines;
    }

    /** The parts of the first arrays inside; none if there is no array or it is not JSON. */
    private static List<String> of(String text) {
        var begin = BEGIN.matcher(text);
        if (!begin.find()) {
            return List.of();
        }
        var document = text.substring(begin.start());
        var parts = new ArrayList<String>();
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), document)) {
            json.nextToken();
            value(json, document, false, parts);
        } catch (JacksonException e) {
            // What came before the error counts.
        }
        return parts;
    }

    private static void value(JsonParser json, String document, boolean inArray, List<String> parts) {
        switch (json.currentToken()) {
            case START_OBJECT -> {
                if (inArray) {
                    int begin = offset(json) - 1;
                    json.skipChildren();
                    add(parts, document.substring(begin, offset(json)));
                } else {
                    while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                        json.nextToken();
                        value(json, document, false, parts);
                    }
                }
            }
            case START_ARRAY -> {
                while (json.nextToken() != JsonToken.END_ARRAY) {
                    value(json, document, true, parts);
                }
            }
            case VALUE_STRING -> {
                if (inArray && json.getStringLength() >= MIN_STRING) {
                    add(parts, json.getString());
                }
            }
            default -> {}
        }
    }

    private static int offset(JsonParser json) {
        return (int) json.currentLocation().getCharOffset();
    }

    private static void add(List<String> parts, String part) {
        if (parts.size() < MAX_PARTS) {
            parts.add(part);
        }
    }
}
