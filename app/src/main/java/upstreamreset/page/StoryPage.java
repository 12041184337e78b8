// SPDX-License-Identifier: Apache-2.0
package upstreamreset.page;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import upstreamreset.wire.Bytes;
import upstreamreset.wire.Printable;
import upstreamreset.wire.Secrets;

/** Writes stories as one HTML file; overlong parts are truncated with a note. */
public final class StoryPage {
    private static final int MAX_BYTES = 1 << 14;
    private static final int MAX_TEXT = 2_000;
    private static final int MAX_LINES = 200;

    private final Html html;
    private int parts;

    private StoryPage(Html html) {
        this.html = html;
    }

    /**
     * Writes the page of stories.
     *
     * @param under a sentence below the title: what made the page, and when
     */
    public static void write(Path file, String title, String under, List<Story> stories) throws IOException {
        PageFile.write(file, title, PageFile.Code.of(StoryPage.class, "story-page"), html -> {
            html.open("header").line().element("h1", text(title)).line();
            html.open("p")
                    .attribute("class", "dim")
                    .text(text(under))
                    .close("p")
                    .line();
            if (stories.size() > 1) {
                contents(html, stories);
            }
            html.close("header").line().open("main").line();
            for (int i = 0; i < stories.size(); i++) {
                new StoryPage(html).story(i, stories.get(i));
            }
            if (stories.isEmpty()) {
                html.element("p", "There is nothing to tell.").line();
            }
            html.close("main").line();
        });
    }

    private static void contents(Html html, List<Story> stories) throws IOException {
        html.open("nav").attribute("aria-label", "Contents").open("ol").line();
        for (int i = 0; i < stories.size(); i++) {
            var story = stories.get(i);
            html.open("li").open("a").attribute("href", "#story" + i);
            html.text(story.tone().sign() + " " + text(story.title()))
                    .close("a")
                    .close("li")
                    .line();
        }
        html.close("ol").close("nav").line();
    }

    private void story(int number, Story story) throws IOException {
        html.open("article").attribute("id", "story" + number).line();
        html.element("h2", text(story.title())).line();
        html.open("p").attribute("class", "verdict " + css(story.tone()));
        html.open("b")
                .attribute("aria-hidden", "true")
                .text(story.tone().sign() + " ")
                .close("b");
        html.text(text(story.verdict())).close("p").line();
        for (var part : story.parts()) {
            parts++;
            part(number + "-" + parts, part);
        }
        html.close("article").line();
    }

    private void part(String id, Story.Part part) throws IOException {
        html.open("section").line();
        switch (part) {
            case Story.Sequence sequence -> {
                heading(sequence.heading());
                SequencePicture.write(html, id, sequence);
            }
            case Story.LogLine line -> {
                heading(line.heading());
                LogLineHtml.write(html, line);
            }
            case Story.Wire wire -> wire(wire);
            case Story.Facts(var heading, var facts) -> {
                heading(heading);
                html.open("dl").attribute("class", "facts");
                for (var fact : facts) {
                    html.element("dt", text(fact.name()))
                            .element("dd", text(fact.value()))
                            .line();
                }
                html.close("dl").line();
            }
            case Story.Advice(var heading, var framework, var causes) -> {
                heading(heading);
                if (!framework.isEmpty()) {
                    html.element("p", "framework: " + text(framework)).line();
                }
                for (var cause : causes) {
                    cause(cause);
                }
            }
            case Story.Listing(var heading, var lines) -> {
                heading(heading);
                html.open("pre").attribute("tabindex", 0);
                for (var line : lines.subList(0, Math.min(lines.size(), MAX_LINES))) {
                    html.text(text(line) + "\n");
                }
                if (lines.size() > MAX_LINES) {
                    html.text("… " + (lines.size() - MAX_LINES) + " more lines");
                }
                html.close("pre").line();
            }
        }
        html.close("section").line();
    }

    private void heading(String heading) throws IOException {
        html.element("h3", text(heading)).line();
    }

    private void wire(Story.Wire wire) throws IOException {
        heading(wire.heading());
        html.open("pre").attribute("tabindex", 0).attribute("class", "bytes");
        bytes(html, wire.bytes(), wire.findings());
        html.close("pre").line();
        if (!wire.under().isEmpty()) {
            html.element("p", text(wire.under())).line();
        }
    }

    /** Bytes that a server sent, without secrets and the values of queries. */
    public static void bytes(Html html, Bytes bytes, List<upstreamreset.verdict.Finding> findings) throws IOException {
        int shown = Math.min(bytes.length(), MAX_BYTES);
        var hidden = new String(Secrets.bytes(bytes.toArray()), StandardCharsets.ISO_8859_1);
        WireHtml.write(
                html, Secrets.queries(Secrets.text(hidden)).getBytes(StandardCharsets.ISO_8859_1), shown, 0, findings);
        if (shown < bytes.length()) {
            html.element("i", "… " + (bytes.length() - shown) + " bytes more");
        }
        if (bytes.length() == 0) {
            html.element("i", "nothing");
        }
    }

    private void cause(Story.Cause cause) throws IOException {
        html.open("aside").element("b", text(cause.id())).text(" " + text(cause.where()));
        html.open("dl");
        if (!cause.cause().isEmpty()) {
            html.element("dt", "cause").element("dd", text(cause.cause()));
        }
        if (!cause.fix().isEmpty()) {
            html.element("dt", "fix").element("dd", text(cause.fix()));
        }
        html.close("dl");
        RecipeHtml.write(html, cause.recipes());
        html.close("aside").line();
    }

    static String css(Story.Tone tone) {
        return switch (tone) {
            case GOOD -> "good";
            case BAD -> "bad";
            case UNKNOWN -> "unknown";
        };
    }

    /** Foreign text as a page may show it: without secrets and the values of queries, of bounded length. */
    public static String text(String text) {
        var cut =
                text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT) + "… (" + text.length() + " characters)";
        return Printable.of(Secrets.queries(Secrets.text(cut)));
    }
}
