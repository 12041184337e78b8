// SPDX-License-Identifier: Apache-2.0
package upstreamreset.inspect;

import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import upstreamreset.output.ResultFile;
import upstreamreset.tcp.StreamEvent;
import upstreamreset.wire.Escape;
import upstreamreset.wire.Printable;
import upstreamreset.wire.Sha256;

/**
 * Writes one HTML file in which one follows each connection: both directions in colour, guilty bytes marked, what is
 * wrong with them beside. It loads nothing, and its content security policy runs no script but its own, so that whatever
 * was on the wire stays text.
 */
public final class StreamPage {
    private StreamPage() {}

    /** Fails now, before any work is done, if {@code file} could not be written later. */
    public static void check(Path file) throws IOException {
        ResultFile.check("the page", file);
    }

    /** The connections of {@code events}, with what was found in them. */
    public static void write(Path file, String title, List<StreamEvent> events, List<InspectedResponse> found)
            throws IOException {
        var streams = new LinkedHashMap<Integer, List<StreamEvent>>();
        events.forEach(event ->
                streams.computeIfAbsent(event.stream(), _ -> new ArrayList<>()).add(event));
        try (var out = Files.newBufferedWriter(file)) {
            var css = resource("stream-page.css");
            var script = resource("stream-page.js");
            out.write("<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n");
            out.write("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-"
                    + sha256(css) + "'; script-src 'sha256-" + sha256(script)
                    + "'; base-uri 'none'; form-action 'none'\">\n");
            out.write("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
            out.write(
                    "<title>" + Escape.markup(Printable.of(title)) + "</title>\n<style>" + css + "</style>\n<body>\n");
            navigation(out, title, streams, found);
            out.write("<main tabindex=\"0\" aria-label=\"Stream\">\n");
            for (var stream : streams.entrySet()) {
                StreamSection.write(out, stream.getKey(), stream.getValue(), of(found, stream.getKey()));
            }
            if (streams.isEmpty()) {
                out.write("<p>Nothing was found.</p>\n");
            }
            out.write("</main>\n<script>" + script + "</script>\n");
        }
    }

    private static void navigation(
            Writer out, String title, Map<Integer, List<StreamEvent>> streams, List<InspectedResponse> found)
            throws IOException {
        out.write("<nav>\n<h1>" + Escape.markup(Printable.of(title)) + "</h1>\n");
        out.write(
                "<input id=\"filter\" type=\"search\" placeholder=\"Filter: path, rule, status, flag\""
                        + " aria-label=\"Filter the streams\">\n<p id=\"count\" class=\"dim\" aria-live=\"polite\"></p>\n<ul>\n");
        for (var stream : streams.keySet()) {
            var responses = of(found, stream);
            var label = label(stream, responses);
            boolean guilty = responses.stream().anyMatch(InspectedResponse::remarkable);
            out.write("<li><a href=\"#s" + stream + "\"" + (guilty ? " class=\"found\"" : "") + " data-text=\""
                    + Escape.markup(label.toLowerCase(java.util.Locale.ROOT)) + "\">" + Escape.markup(label)
                    + "</a>\n");
        }
        out.write("</ul>\n<p class=\"keys\"><kbd>/</kbd> filter <kbd>j</kbd> <kbd>k</kbd> streams <kbd>n</kbd>"
                + " <kbd>p</kbd> findings</p>\n</nav>\n");
    }

    private static String label(int stream, List<InspectedResponse> responses) {
        var label = new StringBuilder("stream " + stream);
        for (var response : responses) {
            var judged = response.judged();
            label.append(" · ").append(Printable.of(judged.request().method())).append(' ');
            label.append(Printable.of(judged.request().target())).append(" → ");
            label.append(judged.status() == 0 ? "no response" : String.valueOf(judged.status()));
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

    private static List<InspectedResponse> of(List<InspectedResponse> found, int stream) {
        return found.stream().filter(each -> each.stream() == stream).toList();
    }

    private static String resource(String name) throws IOException {
        try (var in = StreamPage.class.getResourceAsStream("/upstreamreset/inspect/" + name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is not in the jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String sha256(String text) {
        return Base64.getEncoder().encodeToString(Sha256.of(text.getBytes(StandardCharsets.UTF_8)));
    }
}
