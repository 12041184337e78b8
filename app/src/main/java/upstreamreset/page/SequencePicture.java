// SPDX-License-Identifier: Apache-2.0
package upstreamreset.page;

import java.io.IOException;

/** Draws a sequence as SVG, and describes it below in words, which are complete if the picture has no room. */
final class SequencePicture {
    private static final int LANE = 230;
    private static final int TOP = 46;
    private static final int STEP = 46;
    private static final int MAX_LANES = 8;
    private static final int MAX_STEPS = 40;

    /** Characters of the picture's font in a lane's width. */
    private static final int LETTERS = 28;

    private final Html html;
    private final String id;
    private final Story.Sequence sequence;
    private final int lanes;
    private final int steps;

    private SequencePicture(Html html, String id, Story.Sequence sequence) {
        this.html = html;
        this.id = id;
        this.sequence = sequence;
        this.lanes = Math.min(sequence.lanes().size(), MAX_LANES);
        this.steps = Math.min(sequence.steps().size(), MAX_STEPS);
    }

    static void write(Html html, String id, Story.Sequence sequence) throws IOException {
        var picture = new SequencePicture(html, id, sequence);
        html.open("figure").attribute("class", "sequence").line();
        picture.draw();
        picture.tell();
        html.close("figure").line();
    }

    private void draw() throws IOException {
        int width = lanes * LANE;
        int height = TOP + steps * STEP + 20;
        html.open("svg")
                .attribute("viewBox", "0 0 " + width + " " + height)
                .attribute("role", "img")
                .attribute("aria-labelledby", "t" + id)
                .line();
        html.open("title")
                .attribute("id", "t" + id)
                .text("What passed between "
                        + StoryPage.text(String.join(", ", sequence.lanes().subList(0, lanes)))
                        + "; the list below says the same")
                .close("title")
                .line();
        for (int lane = 0; lane < lanes; lane++) {
            lane(lane, height);
        }
        for (int step = 0; step < steps; step++) {
            var each = sequence.steps().get(step);
            if (each.from() < lanes && each.to() < lanes) {
                step(step, each);
            }
        }
        html.close("svg").line();
    }

    private static int x(int lane) {
        return lane * LANE + LANE / 2;
    }

    private void lane(int lane, int height) throws IOException {
        html.open("line").attribute("class", "life");
        line(x(lane), 34, x(lane), height - 4);
        html.open("rect").attribute("class", "who").attribute("rx", 6);
        html.attribute("x", x(lane) - 100)
                .attribute("y", 4)
                .attribute("width", 200)
                .attribute("height", 30);
        html.close("rect");
        text("name", x(lane), 24, sequence.lanes().get(lane), LETTERS);
    }

    private void line(int x1, int y1, int x2, int y2) throws IOException {
        html.attribute("x1", x1)
                .attribute("y1", y1)
                .attribute("x2", x2)
                .attribute("y2", y2)
                .close("line")
                .line();
    }

    private void text(String css, int x, int y, String text, int letters) throws IOException {
        var shown = StoryPage.text(text);
        html.open("text").attribute("class", css).attribute("x", x).attribute("y", y);
        html.text(shown.length() <= letters ? shown : shown.substring(0, letters - 1) + "…");
        html.close("text").line();
    }

    private void step(int number, Story.Step step) throws IOException {
        int y = TOP + number * STEP + 24;
        int from = x(step.from());
        int to = x(step.to());
        html.open("g").attribute("class", StoryPage.css(step.tone())).line();
        if (from == to) {
            html.open("rect").attribute("class", "note").attribute("rx", 4);
            html.attribute("x", from - 110)
                    .attribute("y", y - 20)
                    .attribute("width", 220)
                    .attribute("height", 28);
            html.close("rect");
            text("what", from, y - 2, (number + 1) + " " + step.text(), LETTERS + 1);
        } else {
            int tip = from < to ? -8 : 8;
            html.open("line").attribute("class", "way");
            line(from, y, to + tip, y);
            html.open("path").attribute("class", "tip");
            html.attribute("d", "M%d %d l%d -5 v10 z".formatted(to, y, tip)).close("path");
            int gap = Math.abs(step.from() - step.to());
            text("what", (from + to) / 2, y - 7, (number + 1) + " " + step.text(), LETTERS * gap);
        }
        html.close("g").line();
    }

    private void tell() throws IOException {
        html.open("figcaption").open("ol").line();
        for (var step : sequence.steps().subList(0, steps)) {
            html.open("li").attribute("class", StoryPage.css(step.tone()));
            html.open("b").text(StoryPage.text(sequence.lanes().get(step.from())));
            if (step.from() != step.to()) {
                html.text(" → " + StoryPage.text(sequence.lanes().get(step.to())));
            }
            html.close("b").text(": " + StoryPage.text(step.text()));
            if (!step.more().isEmpty()) {
                html.open("span")
                        .attribute("class", "dim")
                        .text(" " + StoryPage.text(step.more()))
                        .close("span");
            }
            html.close("li").line();
        }
        html.close("ol");
        if (steps < sequence.steps().size()) {
            html.element("p", "… " + (sequence.steps().size() - steps) + " steps more");
        }
        html.close("figcaption").line();
    }
}
