// SPDX-License-Identifier: Apache-2.0
package upstreamreset.inspect;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongUnaryOperator;
import upstreamreset.http1.Rule;
import upstreamreset.page.Html;
import upstreamreset.page.RecipeHtml;
import upstreamreset.page.WireHtml;
import upstreamreset.tcp.Direction;
import upstreamreset.tcp.Endpoints;
import upstreamreset.tcp.StreamEvent;
import upstreamreset.verdict.Finding;
import upstreamreset.verdict.JudgedResponse;
import upstreamreset.wire.Printable;
import upstreamreset.wire.Secrets;

/** One connection on the page: the bytes in the order in which they were sent, and each finding beside its bytes. */
final class StreamSection {
    /** Bytes of a connection that are shown. */
    private static final int MAX_SHOWN = 1 << 16;

    private static final int MAX_PLACES = 10;

    private final Html html;
    private final List<JudgedResponse> responses;
    private final List<Finding> findings;
    private final List<Finding> unshown;
    private final LongUnaryOperator frames;
    private final Map<Direction, Long> sent = new EnumMap<>(Direction.class);
    private final Map<Direction, Secrets> secrets = new EnumMap<>(Direction.class);
    private final Map<Direction, Http2Secrets> http2 = new EnumMap<>(Direction.class);
    private Instant start = Instant.EPOCH;
    private int shown;

    private StreamSection(Html html, List<InspectedResponse> responses, LongUnaryOperator frames) {
        this.html = html;
        this.frames = frames;
        this.responses = responses.stream().map(InspectedResponse::judged).toList();
        this.findings = this.responses.stream()
                .flatMap(each -> each.findings().stream())
                .toList();
        this.unshown = new ArrayList<>(findings);
    }

    static void write(
            Html html,
            int stream,
            List<StreamEvent> events,
            List<InspectedResponse> responses,
            StreamPage.Frames frames)
            throws IOException {
        var section = new StreamSection(html, responses, offset -> frames.frame(stream, offset));
        html.open("section")
                .attribute("id", "s" + stream)
                .attribute("tabindex", -1)
                .line();
        section.start = events.getFirst().time();
        if (responses.stream().anyMatch(InspectedResponse::inHttp2)) {
            for (var direction : Direction.values()) {
                section.http2.put(direction, new Http2Secrets(events, direction));
            }
        }
        for (var event : events) {
            section.event(stream, event);
        }
        if (!section.unshown.isEmpty()) {
            section.row().open("div");
            section.beside(section.unshown);
            html.close("div").close("div").line();
        }
        for (var response : responses) {
            section.verdict(response);
        }
        html.close("section").line();
    }

    /** A row in which nothing was sent. */
    private Html row() throws IOException {
        return html.open("div").attribute("class", "row").element("span", "");
    }

    private void event(int stream, StreamEvent event) throws IOException {
        switch (event) {
            case StreamEvent.Opened opened -> {
                html.element(
                        "h2",
                        "stream %d: %s → %s"
                                .formatted(stream, Endpoints.text(opened.client()), Endpoints.text(opened.server())));
                html.line().open("p").attribute("class", "dim");
                html.text(opened.time()).close("p").line();
            }
            case StreamEvent.Data data -> data(data);
            case StreamEvent.Gap gap -> missing(gap);
            case StreamEvent.Fin fin -> ended(fin.direction(), "closed the connection (FIN)", fin.time());
            case StreamEvent.Reset reset -> ended(reset.direction(), "reset the connection (RST)", reset.time());
        }
    }

    private void missing(StreamEvent.Gap gap) throws IOException {
        sent.merge(gap.direction(), gap.length(), Long::sum);
        secrets.computeIfAbsent(gap.direction(), _ -> new Secrets()).gap();
        html.open("p").attribute("class", "row " + gap.direction().sender());
        html.open("span")
                .attribute("class", "what")
                .element("b", gap.direction().sender());
        html.text(
                gap.length() == 0
                        ? " bytes are missing from the capture; their number is unknown"
                        : " bytes are missing from the capture: " + gap.length());
        html.close("span").close("p").line();
    }

    private void data(StreamEvent.Data data) throws IOException {
        long position = sent.merge(data.direction(), (long) data.bytes().length(), Long::sum)
                - data.bytes().length();
        int length = Math.min(data.bytes().length(), MAX_SHOWN - shown);
        shown += length;
        boolean server = data.direction() == Direction.TO_CLIENT;
        html.open("div").attribute("class", "row " + data.direction().sender());
        html.open("div").attribute("class", "what");
        html.element("b", data.direction().sender())
                .text(" %s · bytes %d to %d"
                        .formatted(
                                time(data.time()),
                                position,
                                position + data.bytes().length()))
                .close("div");
        html.open("pre");
        var bytes = secrets.computeIfAbsent(data.direction(), _ -> new Secrets())
                .next(data.bytes().toArray());
        var compressed = http2.get(data.direction());
        if (compressed != null) {
            bytes = compressed.of(bytes, position);
        }
        var guilty = findings.stream()
                .filter(finding -> finding.rule().ofClient() != server)
                .toList();
        WireHtml.write(html, bytes, length, position, guilty);
        if (length < data.bytes().length()) {
            html.element("i", "… " + (data.bytes().length() - length) + " bytes more");
        }
        html.close("pre").open("div");
        var here = unshown.stream()
                .filter(finding -> finding.rule().ofClient() != server
                        && finding.offset() >= position
                        && finding.offset() < position + data.bytes().length())
                .toList();
        unshown.removeAll(here);
        beside(here);
        html.close("div").close("div").line();
    }

    /** A rule that is broken at several places is shown once. */
    private void beside(List<Finding> here) throws IOException {
        var byRule = new LinkedHashMap<Rule, List<Finding>>();
        here.forEach(each ->
                byRule.computeIfAbsent(each.rule(), _ -> new ArrayList<>()).add(each));
        for (var same : byRule.values()) {
            var first = same.getFirst();
            var places =
                    same.stream().map(this::place).distinct().limit(MAX_PLACES).toList();
            html.open("aside").element("b", first.rule().id());
            html.text(" " + first.rule().section());
            html.element(
                    "p",
                    first.severity().text() + " at byte " + String.join(", ", places)
                            + (same.size() > places.size() ? ", …" : ""));
            if (!first.cause().isEmpty()) {
                html.open("dl").open("dt").text("cause").open("dd").text(first.cause());
                html.open("dt").text("fix").open("dd").text(first.fix()).close("dl");
            }
            recipes(first);
            html.close("aside");
        }
    }

    private void recipes(Finding finding) throws IOException {
        for (var response : responses) {
            if (response.findings().contains(finding)) {
                var framework = response.framework();
                if (framework.isPresent()) {
                    html.element("p", "framework: " + framework.get().text());
                }
                RecipeHtml.write(html, response.recipes(finding));
                return;
            }
        }
    }

    private String place(Finding finding) {
        long frame = finding.rule().ofClient() ? 0 : frames.applyAsLong(finding.offset());
        return finding.offset() + (frame == 0 ? "" : " (frame " + frame + ")");
    }

    private void verdict(InspectedResponse response) throws IOException {
        var judged = response.judged();
        var envoy = judged.envoy();
        row().open("aside").attribute("class", "note");
        html.text("%s %s: Envoy %s %s: %s, %d %s"
                .formatted(
                        StreamPage.shown(judged.request().method()),
                        StreamPage.shown(judged.request().shownTarget()),
                        envoy.version(),
                        judged.observed() ? "did" : "would do",
                        envoy.outcome().text(),
                        envoy.status(),
                        envoy.flags()));
        if (!envoy.message().isEmpty()) {
            html.text(", \"" + Printable.of(envoy.message()) + "\"");
        }
        for (var note : response.notes()) {
            html.element("p", note);
        }
        html.close("aside").close("div").line();
    }

    private void ended(Direction direction, String did, Instant time) throws IOException {
        html.open("p").attribute("class", "row " + direction.sender());
        html.open("span").attribute("class", "what").element("b", direction.sender());
        html.text(" " + did + " " + time(time)).close("span").close("p").line();
    }

    private String time(Instant time) {
        return "+%.6f s".formatted(Duration.between(start, time).toNanos() / 1e9);
    }
}
