// SPDX-License-Identifier: Apache-2.0
package upstreamreset.page;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import upstreamreset.accesslog.AccessLogEntry;
import upstreamreset.accesslog.LogField;
import upstreamreset.accesslog.ResponseFlag;
import upstreamreset.wire.Secrets;

/**
 * An access-log line exactly as logged, in which the reader can point at each field, and below it the value and meaning
 * of each field. A field whose position is uncertain is only in the list.
 */
final class LogLineHtml {
    /** Longer than any line that Envoy writes for a request of usual size. */
    private static final int MAX_LINE = 4_000;

    private LogLineHtml() {}

    /** The position of a field's value in the line. */
    private record Place(LogField field, int from, int to) {}

    static void write(Html html, Story.LogLine part) throws IOException {
        var line = hidden(part.line());
        boolean cut = line.length() > MAX_LINE;
        line = cut ? line.substring(0, MAX_LINE) : line;
        html.open("figure").attribute("class", "logline").line();
        html.open("pre").attribute("tabindex", 0);
        int at = 0;
        for (var place : places(line, part.entry())) {
            html.text(StoryPage.text(line.substring(at, place.from())));
            html.open("span").attribute("data-field", place.field().key());
            html.attribute("title", name(place.field()) + ": " + FieldWords.of(place.field()));
            html.text(StoryPage.text(line.substring(place.from(), place.to()))).close("span");
            at = place.to();
        }
        html.text(StoryPage.text(line.substring(at)) + (cut ? "…" : ""))
                .close("pre")
                .line();
        html.open("dl").attribute("class", "fields").line();
        for (var field : part.entry().fields().entrySet()) {
            if (part.entry().saysNone(field.getKey()) && field.getKey() != LogField.RESPONSE_FLAGS) {
                continue;
            }
            html.open("div").attribute("data-field", field.getKey().key());
            html.element("dt", name(field.getKey()));
            html.open("dd").element("code", StoryPage.text(hidden(field.getValue())));
            html.text(" " + meaning(part.entry(), field.getKey()))
                    .close("dd")
                    .close("div")
                    .line();
        }
        html.close("dl").close("figure").line();
    }

    private static String hidden(String text) {
        return Secrets.queries(Secrets.text(text));
    }

    private static String name(LogField field) {
        return field.key().replace('_', ' ');
    }

    private static String meaning(AccessLogEntry entry, LogField field) {
        var more = switch (field) {
            case RESPONSE_FLAGS ->
                entry.flags().stream()
                        .flatMap(flag -> ResponseFlag.of(flag).stream())
                        .map(flag -> flag.name() + ": " + flag.sentence() + ".")
                        .collect(Collectors.joining(" "));
            case RESPONSE_CODE_DETAILS ->
                entry.details()
                        .flatMap(details -> details.words())
                        .map(words -> "Here: " + words + ".")
                        .orElse("");
            default -> "";
        };
        return FieldWords.of(field) + (more.isEmpty() ? "" : " " + StoryPage.text(more));
    }

    /** In the line's order; a value is where its key is, or where Istio's format has it. */
    private static List<Place> places(String line, AccessLogEntry entry) {
        var places = new ArrayList<Place>();
        boolean json = line.startsWith("{");
        int at = 0;
        for (var field : entry.fields().entrySet()) {
            var value = hidden(field.getValue());
            int from = json ? inJson(line, field.getKey(), value) : alone(line, value, at);
            if (from >= 0) {
                at = from + value.length();
                places.add(new Place(field.getKey(), from, at));
            }
        }
        places.sort(Comparator.comparingInt(Place::from));
        for (int i = 1; i < places.size(); i++) {
            if (places.get(i).from() < places.get(i - 1).to()) {
                return List.of();
            }
        }
        return places;
    }

    private static int inJson(String line, LogField field, String value) {
        int key = line.indexOf("\"" + field.key() + "\":");
        int from = key < 0 ? -1 : line.indexOf(value, key + field.key().length() + 3);
        return from >= 0 && from <= key + field.key().length() + 5 ? from : -1;
    }

    /** The position of {@code value} as a separate value. */
    private static int alone(String line, String value, int from) {
        for (int at = line.indexOf(value, from); at >= 0; at = line.indexOf(value, at + 1)) {
            int end = at + value.length();
            if ((at == 0 || " [\"".indexOf(line.charAt(at - 1)) >= 0)
                    && (end == line.length() || " ]\"".indexOf(line.charAt(end)) >= 0)) {
                return at;
            }
        }
        return -1;
    }
}
