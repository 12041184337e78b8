// SPDX-License-Identifier: Apache-2.0
package upstreamreset.output;

import java.io.PrintWriter;
import java.util.function.Consumer;
import upstreamreset.wire.Escape;

/**
 * Writes one JSON object: its fields are in the order of the calls, and {@link Escape} escapes its strings.
 *
 * <p>It does not use Jackson's generator, which prints C1 controls and bidirectional controls unescaped and takes
 * longer to load than most commands take to print.
 */
public final class Json {
    private final StringBuilder text = new StringBuilder();

    Json() {}

    /** The object of which {@code fields} writes the fields, as text. */
    public static String object(Consumer<Json> fields) {
        var json = new Json();
        json.braced(fields);
        return json.text.toString();
    }

    /** The same as a line of {@code out}, which the caller flushes and closes. */
    public static void print(PrintWriter out, Consumer<Json> fields) {
        out.write(object(fields) + "\n");
    }

    public void field(String name, String value) {
        Escape.json(name(name), value);
    }

    public void field(String name, long value) {
        name(name).append(value);
    }

    public void field(String name, double value) {
        name(name).append(value);
    }

    public void field(String name, boolean value) {
        name(name).append(value);
    }

    public void strings(String name, Iterable<String> values) {
        name(name).append('[');
        for (var value : values) {
            Escape.json(next(), value);
        }
        text.append(']');
    }

    public void object(String name, Consumer<Json> fields) {
        name(name);
        braced(fields);
    }

    /** An array of objects; {@code fields} writes the fields of one of them to this {@code Json}. */
    public <T> void objects(String name, Iterable<T> elements, Consumer<T> fields) {
        name(name).append('[');
        for (var element : elements) {
            next();
            braced(_ -> fields.accept(element));
        }
        text.append(']');
    }

    private void braced(Consumer<Json> fields) {
        text.append('{');
        fields.accept(this);
        text.append('}');
    }

    private StringBuilder name(String name) {
        Escape.json(next(), name);
        return text.append(':');
    }

    /**
     * The preceding text is a value unless it is an opening bracket: a bracket in a string is followed by a quotation
     * mark.
     */
    private StringBuilder next() {
        char last = text.charAt(text.length() - 1);
        return last == '{' || last == '[' ? text : text.append(',');
    }
}
