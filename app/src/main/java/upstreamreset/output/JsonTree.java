// SPDX-License-Identifier: Apache-2.0
package upstreamreset.output;

import java.util.stream.Collectors;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import upstreamreset.wire.Bytes;
import upstreamreset.wire.Escape;

/**
 * Jackson's trees without its {@code JsonMapper}, whose construction alone takes longer than Envoy needs to start (measured:
 * about 0.4 s cold, 75 ms from an AOT cache).
 */
public final class JsonTree {
    private static final JsonFactory FACTORY = new JsonFactory();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private JsonTree() {}

    public static ObjectNode object() {
        return NODES.objectNode();
    }

    /**
     * Reads one JSON value.
     *
     * @throws tools.jackson.core.JacksonException if {@code text} is none
     */
    public static JsonNode read(String text) {
        try (var parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
            parser.nextToken();
            var node = value(parser);
            if (parser.nextToken() != null) {
                throw unexpected(parser);
            }
            return node;
        }
    }

    /** A resource in the package of {@code neighbour}. */
    public static ObjectNode resource(Class<?> neighbour, String name) {
        return (ObjectNode) read(Bytes.ofResource(neighbour, name).utf8());
    }

    /** RFC 7396, MergePatch. */
    public static void merge(ObjectNode target, ObjectNode patch) {
        for (var field : patch.properties()) {
            var name = field.getKey();
            switch (field.getValue()) {
                case JsonNode value when value.isNull() -> target.remove(name);
                case ObjectNode value -> {
                    if (!(target.get(name) instanceof ObjectNode)) {
                        target.putObject(name);
                    }
                    merge((ObjectNode) target.required(name), value);
                }
                case JsonNode value -> target.set(name, value);
            }
        }
    }

    /** The node as JSON; its own {@code toString} builds a mapper. */
    public static String text(JsonNode node) {
        return switch (node) {
            case ObjectNode object ->
                object.properties().stream()
                        .map(field -> Escape.json(field.getKey()) + ":" + text(field.getValue()))
                        .collect(Collectors.joining(",", "{", "}"));
            case ArrayNode array -> array.valueStream().map(JsonTree::text).collect(Collectors.joining(",", "[", "]"));
            case JsonNode string when string.isString() -> Escape.json(string.stringValue());
            case JsonNode value when value.isNumber() || value.isBoolean() -> value.asString();
            case JsonNode _ -> "null";
        };
    }

    private static JsonNode value(JsonParser parser) {
        return switch (parser.currentToken()) {
            case START_OBJECT -> {
                var object = NODES.objectNode();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    var name = parser.currentName();
                    parser.nextToken();
                    object.set(name, value(parser));
                }
                yield object;
            }
            case START_ARRAY -> {
                var array = NODES.arrayNode();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    array.add(value(parser));
                }
                yield array;
            }
            case VALUE_STRING -> NODES.stringNode(parser.getString());
            case VALUE_NUMBER_INT -> NODES.numberNode(parser.getLongValue());
            case VALUE_NUMBER_FLOAT -> NODES.numberNode(parser.getDoubleValue());
            case VALUE_TRUE -> NODES.booleanNode(true);
            case VALUE_FALSE -> NODES.booleanNode(false);
            case VALUE_NULL -> NODES.nullNode();
            case null, default -> throw unexpected(parser);
        };
    }

    private static RuntimeException unexpected(JsonParser parser) {
        return new StreamReadException(parser, "expected one JSON value, got " + parser.currentToken());
    }
}
