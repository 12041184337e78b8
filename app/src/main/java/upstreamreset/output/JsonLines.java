// SPDX-License-Identifier: Apache-2.0
package upstreamreset.output;

import java.io.PrintWriter;
import java.util.List;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;
import upstreamreset.wire.Printable;

/**
 * Prints JSON objects, a line each. They are written as they are told, not built first: Jackson's tree and mapper take longer
 * to load than most commands have to print.
 */
public final class JsonLines {
    private final JsonGenerator generator;

    /** To {@code out}, which stays open; whoever has it flushes it. */
    public JsonLines(PrintWriter out) {
        generator = JsonFactory.builder()
                .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
                .disable(StreamWriteFeature.FLUSH_PASSED_TO_STREAM)
                .rootValueSeparator((String) null)
                .build()
                .createGenerator(ObjectWriteContext.empty(), out);
    }

    /** One object, of which {@code properties} writes what is in it. */
    public void print(Consumer<JsonGenerator> properties) {
        generator.writeStartObject();
        properties.accept(generator);
        generator.writeEndObject();
        generator.writeRaw('\n');
        generator.flush();
    }

    /** An object as the property {@code name}. */
    public static void object(JsonGenerator json, String name, Consumer<JsonGenerator> properties) {
        json.writeObjectPropertyStart(name);
        properties.accept(json);
        json.writeEndObject();
    }

    /** An array of objects as the property {@code name}. */
    public static <T> void objects(JsonGenerator json, String name, Iterable<T> elements, Consumer<T> properties) {
        json.writeArrayPropertyStart(name);
        for (var element : elements) {
            json.writeStartObject();
            properties.accept(element);
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    /** An array of texts as the property {@code name}, none of which can do harm. */
    public static void excerpts(JsonGenerator json, String name, List<String> texts) {
        json.writeArrayPropertyStart(name);
        for (var text : texts) {
            json.writeString(Printable.of(text));
        }
        json.writeEndArray();
    }
}
