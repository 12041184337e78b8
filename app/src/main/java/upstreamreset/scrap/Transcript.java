// SPDX-License-Identifier: Apache-2.0
package upstreamreset.scrap;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * One exchange as an HTTP client printed it: {@code curl -v}, {@code curl -i}, HTTPie, {@code wget -S}.
 *
 * @param request the request line, where it was printed
 * @param requestFields what the client sent, where it was printed
 * @param version for example {@code HTTP/1.1}; empty if no response came
 * @param status 0 if no response came
 * @param fields the response's, in their order
 * @param body what followed the head, cut at a bound
 * @param complaints what the client itself said of the exchange: {@code Recv failure: Connection reset by peer}
 */
public record Transcript(
        String request,
        List<Field> requestFields,
        String version,
        int status,
        List<Field> fields,
        String body,
        List<String> complaints) {
    public Transcript {
        requestFields = List.copyOf(requestFields);
        fields = List.copyOf(fields);
        complaints = List.copyOf(complaints);
    }

    /** A field line as printed. */
    public record Field(String name, String value) {}

    /** The values of every line of this name. */
    public List<String> values(String name) {
        return values(fields, name);
    }

    /** The first value of this name. */
    public Optional<String> value(String name) {
        return values(name).stream().findFirst();
    }

    /** The request's field of this name. */
    public Optional<String> requestValue(String name) {
        return values(requestFields, name).stream().findFirst();
    }

    /** {@code GET}, where the request was printed. */
    public Optional<String> method() {
        int space = request.indexOf(' ');
        return space <= 0 ? Optional.empty() : Optional.of(request.substring(0, space));
    }

    /** The path that was asked for, where the request was printed. */
    public Optional<String> target() {
        var words = request.split(" ", -1);
        return words.length < 3 ? Optional.empty() : Optional.of(words[1]);
    }

    /** Whether field lines stand here as they came; HTTP/2 has no framing of HTTP/1. */
    public boolean isHttp1() {
        return version.toUpperCase(Locale.ROOT).startsWith("HTTP/1");
    }

    private static List<String> values(List<Field> fields, String name) {
        var values = new ArrayList<String>();
        for (var field : fields) {
            if (field.name().equalsIgnoreCase(name)) {
                values.add(field.value());
            }
        }
        return values;
    }
}
