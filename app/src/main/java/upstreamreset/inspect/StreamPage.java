// SPDX-License-Identifier: Apache-2.0
package upstreamreset.inspect;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import upstreamreset.page.Html;
import upstreamreset.page.PageFile;
import upstreamreset.tcp.StreamEvent;
import upstreamreset.wire.Printable;

/**
 * Writes one HTML file that shows each connection: both directions in colour, offending bytes marked, the findings beside
 * them. It loads nothing, and its content security policy runs no script but its own, so that bytes from the wire stay
 * text.
 */
public final class StreamPage {
    private static final int MAX_WORD = 300;

    private StreamPage() {}

    /** Fails now, before any work is done, if {@code file} could not be written later. */
    public static void check(Path file) throws IOException {
        PageFile.check(file);
    }

    /** Tells the frame of an offset in what a connection's server sent, 0 if unknown. */
    public interface Frames {
        long frame(int stream, long offset);
    }

    /** The connections of {@code events} with their findings; {@code totals} describes the read and unread parts. */
    public static void write(
            Path file,
            String title,
            String totals,
            List<StreamEvent> events,
            List<InspectedResponse> found,
            Frames frames)
            throws IOException {
        var streams = new LinkedHashMap<Integer, List<StreamEvent>>();
        events.forEach(event ->
                streams.computeIfAbsent(event.stream(), _ -> new ArrayList<>()).add(event));
        PageFile.write(file, title, PageFile.Code.of(StreamPage.class, "stream-page"), html -> {
            navigation(html, title, streams.keySet(), found);
            html.open("main")
                    .attribute("tabindex", 0)
                    .attribute("aria-label", "Stream")
                    .line();
            if (!totals.isEmpty()) {
                html.open("p").attribute("class", "dim").text(totals).close("p").line();
            }
            for (var stream : streams.entrySet()) {
                StreamSection.write(html, stream.getKey(), stream.getValue(), of(found, stream.getKey()), frames);
            }
            if (streams.isEmpty()) {
                html.element("p", "Nothing was found.").line();
            }
            html.close("main").line();
        });
    }

    private static void navigation(Html html, String title, Set<Integer> streams, List<InspectedResponse> found)
            throws IOException {
        html.open("nav").line().element("h1", shown(title)).line();
        html.open("input")
                .attribute("id", "filter")
                .attribute("type", "search")
                .attribute("placeholder", "Filter: path, rule, status, flag")
                .attribute("aria-label", "Filter the streams")
                .line();
        html.open("p")
                .attribute("id", "count")
                .attribute("class", "dim")
                .attribute("aria-live", "polite")
                .text("")
                .close("p")
                .line();
        html.open("ul").line();
        for (int stream : streams) {
            var responses = of(found, stream);
            var label = label(stream, responses);
            html.open("li").open("a").attribute("href", "#s" + stream);
            if (responses.stream().anyMatch(InspectedResponse::remarkable)) {
                html.attribute("class", "found");
            }
            html.attribute("data-text", label.toLowerCase(Locale.ROOT))
                    .text(label)
                    .close("a")
                    .line();
        }
        html.close("ul").line().open("p").attribute("class", "keys");
        html.element("kbd", "/").text(" filter ");
        html.element("kbd", "j").text(" ").element("kbd", "k").text(" streams ");
        html.element("kbd", "n").text(" ").element("kbd", "p").text(" findings");
        html.close("p").line().close("nav").line();
    }

    private static String label(int stream, List<InspectedResponse> responses) {
        var label = new StringBuilder("stream " + stream);
        for (var response : responses) {
            var judged = response.judged();
            label.append(" · ").append(shown(judged.request().method())).append(' ');
            label.append(shown(judged.request().shownTarget())).append(" → ");
            label.append(response.statusText());
            if (response.remarkable()) {
                label.append(" (").append(judged.envoy().flags()).append(')');
            }
            judged.findings().stream()
                    .map(each -> each.rule().id())
                    .distinct()
                    .forEach(rule -> label.append(' ').append(rule));
        }
        return label.toString();
    }

    /** Of a name or word what a reader looks at; a request's bytes stand on the page too. */
    static String shown(String word) {
        return Printable.of(word.length() <= MAX_WORD ? word : word.substring(0, MAX_WORD) + "…");
    }

    private static List<InspectedResponse> of(List<InspectedResponse> found, int stream) {
        return found.stream().filter(each -> each.stream() == stream).toList();
    }
}
