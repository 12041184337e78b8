// SPDX-License-Identifier: Apache-2.0
package upstreamreset.inspect;

import java.io.IOException;
import java.io.Writer;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import upstreamreset.http1.Rule;
import upstreamreset.tcp.Direction;
import upstreamreset.tcp.Endpoints;
import upstreamreset.tcp.StreamEvent;
import upstreamreset.verdict.Finding;
import upstreamreset.wire.Escape;
import upstreamreset.wire.Printable;

/** One connection on the page: what was sent, in its order, and each finding beside the bytes that it speaks of. */
final class StreamSection {
    /** As much of a connection as a person follows. */
    private static final int MOST_SHOWN = 1 << 16;

    private static final int MOST_PLACES = 10;

    private final Writer out;
    private final List<Finding> findings;
    private final List<Finding> unshown;
    private final Map<Direction, Long> sent = new EnumMap<>(Direction.class);
    private Instant start = Instant.EPOCH;
    private int shown;

    private StreamSection(Writer out, List<InspectedResponse> responses) {
        this.out = out;
        this.findings = responses.stream()
                .flatMap(each -> each.judged().findings().stream())
                .toList();
        this.unshown = new ArrayList<>(findings);
    }

    static void write(Writer out, int stream, List<StreamEvent> events, List<InspectedResponse> responses)
            throws IOException {
        var section = new StreamSection(out, responses);
        out.write("<section id=\"s" + stream + "\" tabindex=\"-1\">\n");
        section.start = events.getFirst().time();
        for (var event : events) {
            section.event(stream, event);
        }
        if (!section.unshown.isEmpty()) {
            out.write("<div class=\"row\"><span></span><div>");
            section.beside(section.unshown);
            out.write("</div></div>\n");
        }
        for (var response : responses) {
            section.verdict(response);
        }
        out.write("</section>\n");
    }

    private void event(int stream, StreamEvent event) throws IOException {
        switch (event) {
            case StreamEvent.Opened opened ->
                out.write("<h2>stream " + stream + ": " + endpoint(opened.client()) + " → " + endpoint(opened.server())
                        + "</h2>\n<p class=\"dim\">" + opened.time() + "</p>\n");
            case StreamEvent.Data data -> data(data);
            case StreamEvent.Fin fin -> ended(fin.direction(), "closed the connection (FIN)", fin.time());
            case StreamEvent.Reset reset -> ended(reset.direction(), "reset the connection (RST)", reset.time());
        }
    }

    private static String endpoint(InetSocketAddress endpoint) {
        return Escape.markup(Endpoints.text(endpoint));
    }

    private void data(StreamEvent.Data data) throws IOException {
        long position = sent.merge(data.direction(), (long) data.bytes().length(), Long::sum)
                - data.bytes().length();
        int length = Math.min(data.bytes().length(), MOST_SHOWN - shown);
        shown += length;
        boolean server = data.direction() == Direction.TO_CLIENT;
        out.write("<div class=\"row " + data.direction().sender() + "\"><div class=\"what\"><b>"
                + data.direction().sender() + "</b> " + time(data.time()) + " · bytes " + position + " to "
                + (position + data.bytes().length()) + "</div><pre>");
        out.write(WireHtml.bytes(data.bytes().toArray(), length, position, server ? findings : List.of()));
        if (length < data.bytes().length()) {
            out.write("<i>… " + (data.bytes().length() - length) + " bytes more</i>");
        }
        out.write("</pre><div>");
        if (server) {
            var here = unshown.stream()
                    .filter(finding -> finding.offset() >= position
                            && finding.offset() < position + data.bytes().length())
                    .toList();
            unshown.removeAll(here);
            beside(here);
        }
        out.write("</div></div>\n");
    }

    /** What is said of several places is said once. */
    private void beside(List<Finding> here) throws IOException {
        var byRule = new LinkedHashMap<Rule, List<Finding>>();
        here.forEach(each ->
                byRule.computeIfAbsent(each.rule(), _ -> new ArrayList<>()).add(each));
        for (var same : byRule.values()) {
            var first = same.getFirst();
            var places = same.stream()
                    .map(each -> String.valueOf(each.offset()))
                    .distinct()
                    .limit(MOST_PLACES)
                    .toList();
            out.write("<aside><b>" + first.rule().id() + "</b> "
                    + Escape.markup(first.rule().section()) + "<p>"
                    + first.severity().text() + " at byte " + String.join(", ", places)
                    + (same.size() > places.size() ? ", …" : "") + "</p>");
            if (!first.cause().isEmpty()) {
                out.write("<dl><dt>cause<dd>" + Escape.markup(first.cause()) + "<dt>fix<dd>"
                        + Escape.markup(first.fix()) + "</dl>");
            }
            out.write("</aside>");
        }
    }

    private void verdict(InspectedResponse response) throws IOException {
        var judged = response.judged();
        var envoy = judged.envoy();
        out.write("<div class=\"row\"><span></span><aside class=\"note\">"
                + Escape.markup(Printable.of(judged.request().method()))
                + " " + Escape.markup(Printable.of(judged.request().target())) + ": Envoy "
                + Escape.markup(envoy.version()) + " " + (judged.observed() ? "did" : "would do") + ": "
                + envoy.outcome().text() + ", " + envoy.status() + " " + Escape.markup(envoy.flags())
                + (envoy.message().isEmpty() ? "" : ", \"" + Escape.markup(Printable.of(envoy.message())) + "\""));
        for (var note : response.notes()) {
            out.write("<p>" + Escape.markup(note) + "</p>");
        }
        out.write("</aside></div>\n");
    }

    private void ended(Direction direction, String did, Instant time) throws IOException {
        out.write("<p class=\"row " + direction.sender() + "\"><span class=\"what\"><b>" + direction.sender() + "</b> "
                + did + " " + time(time) + "</span></p>\n");
    }

    private String time(Instant time) {
        return "+%.6f s".formatted(Duration.between(start, time).toNanos() / 1e9);
    }
}
