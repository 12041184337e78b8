// SPDX-License-Identifier: Apache-2.0
package upstreamreset.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import upstreamreset.accesslog.AccessLogEntry;
import upstreamreset.accesslog.LogField;
import upstreamreset.inspect.Inspection;
import upstreamreset.inspect.StreamPage;
import upstreamreset.page.Story;
import upstreamreset.page.StoryPage;
import upstreamreset.scenario.Catalogue;
import upstreamreset.tcp.Direction;
import upstreamreset.tcp.StreamEvent;
import upstreamreset.testing.Chromium;
import upstreamreset.testing.HostileText;
import upstreamreset.testing.PageChecks;
import upstreamreset.verdict.Outcome;
import upstreamreset.verdict.Verdict;
import upstreamreset.wire.Bytes;

/** Pages with hostile text in every field, in a real browser: no script runs, nothing is loaded, the layout holds. */
class HostilePagesIT {
    private static final String LINE_OF_A_MEGABYTE = "<b>" + "x".repeat(1 << 20);

    private final HostileText hostile = new HostileText(23);

    @TempDir
    Path folder;

    @Test
    void aStoryOfHostileText() throws Exception {
        for (int round = 0; round < 3; round++) {
            var stories = new ArrayList<Story>();
            for (int i = 0; i < 4; i++) {
                stories.add(story(hostile::next));
            }
            var file = folder.resolve("story" + round + ".html");
            StoryPage.write(file, hostile.next(), hostile.next(), stories);
            hidesSecretsAndHolds(file);
        }
    }

    @Test
    void aStoryOfLinesOfAMegabyte() throws Exception {
        var file = folder.resolve("long-story.html");
        StoryPage.write(file, LINE_OF_A_MEGABYTE, LINE_OF_A_MEGABYTE, List.of(story(() -> LINE_OF_A_MEGABYTE)));
        assertThat(Files.size(file)).isLessThan(600_000);
        hidesSecretsAndHolds(file);
    }

    @Test
    void aMatrixOfHostileWords() throws Exception {
        var file = folder.resolve("matrix.html");
        MatrixPage.write(file, hostile.next(), matrix(hostile::next, 30));
        hidesSecretsAndHolds(file);
    }

    @Test
    void aMatrixOfLinesOfAMegabyte() throws Exception {
        var file = folder.resolve("long-matrix.html");
        MatrixPage.write(file, LINE_OF_A_MEGABYTE, matrix(() -> LINE_OF_A_MEGABYTE, 3));
        assertThat(Files.size(file)).isLessThan(1_000_000);
        hidesSecretsAndHolds(file);
    }

    @Test
    void aCaptureOfHostileBytes() throws Exception {
        var file = folder.resolve("capture.html");
        capture(file, hostile::next, 20);
        holds(file);
    }

    @Test
    void aCaptureOfLinesOfAMegabyte() throws Exception {
        var file = folder.resolve("long-capture.html");
        capture(file, () -> LINE_OF_A_MEGABYTE, 2);
        assertThat(Files.size(file)).isLessThan(2_000_000);
        holds(file);
    }

    private void hidesSecretsAndHolds(Path file) throws Exception {
        var text = Files.readString(file);
        int secret = text.indexOf(HostileText.SECRET);
        assertThat(secret < 0 ? "" : text.substring(Math.max(0, secret - 200), secret + 50))
                .as("where a secret is")
                .isEmpty();
        holds(file);
    }

    private void holds(Path file) throws Exception {
        try (var browser = new Chromium(folder, file)) {
            assertThat(browser.value("document.scripts.length + ' ' + document.querySelectorAll('style').length"))
                    .isEqualTo("1 1");
            PageChecks.nothingForeign(browser);
            PageChecks.layoutHolds(browser);
        }
    }

    private static void capture(Path file, Supplier<String> text, int streams) throws Exception {
        var events = new ArrayList<StreamEvent>();
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 80);
        var time = Instant.parse("2026-11-29T12:00:00Z");
        for (int stream = 0; stream < streams; stream++) {
            events.add(new StreamEvent.Opened(stream, time, address, address));
            var request = "GET /" + text.get().replaceAll("\\s", "") + " HTTP/1.1\r\nX: " + text.get() + "\r\n\r\n";
            var response = "HTTP/1.1 200 " + text.get() + "\r\nX" + text.get() + ": " + text.get()
                    + "\r\nContent-Length: x" + text.get() + "\r\n\r\n" + text.get();
            events.add(new StreamEvent.Data(stream, time, Direction.TO_SERVER, Bytes.latin1(request)));
            events.add(new StreamEvent.Data(stream, time, Direction.TO_CLIENT, Bytes.latin1(response)));
        }
        StreamPage.write(file, text.get(), "totals", events, Inspection.of(events, "1.40.0"), (_, _) -> 1);
    }

    private Story story(Supplier<String> text) {
        return new Story(text.get(), Story.Tone.BAD, text.get(), parts(text));
    }

    private List<Story.Part> parts(Supplier<String> text) {
        var lanes = List.of(text.get(), text.get(), text.get(), text.get());
        var steps = IntStream.range(0, 8)
                .mapToObj(i -> new Story.Step(
                        hostile.below(4),
                        hostile.below(4),
                        List.of(Story.Tone.values()).get(i % 3),
                        text.get(),
                        text.get()))
                .toList();
        return List.of(
                new Story.Sequence(text.get(), lanes, steps),
                new Story.LogLine(text.get(), text.get(), entry(text)),
                new Story.Wire(text.get(), Bytes.latin1(text.get()), List.of(), text.get()),
                new Story.Facts(text.get(), List.of(new Story.Fact(text.get(), text.get()))),
                new Story.Advice(text.get(), List.of(new Story.Cause(text.get(), text.get(), text.get(), text.get()))),
                new Story.Listing(text.get(), List.of(text.get(), text.get())));
    }

    private AccessLogEntry entry(Supplier<String> text) {
        var line = text.get();
        var fields = new EnumMap<LogField, String>(LogField.class);
        for (var field : LogField.values()) {
            fields.put(field, hostile.below(2) == 0 ? text.get() : line.substring(0, Math.min(5, line.length())));
        }
        return new AccessLogEntry(fields);
    }

    private Matrix matrix(Supplier<String> text, int rows) {
        var scenarios = new Catalogue().all().subList(0, rows);
        var columns = new ArrayList<Column>();
        for (var implementation : Implementation.values()) {
            columns.add(new Column(
                    implementation,
                    text.get(),
                    hostile.below(2) == 0 ? Optional.of(text.get()) : Optional.empty(),
                    scenarios.stream().map(_ -> cell(text)).toList()));
        }
        return new Matrix(scenarios, columns);
    }

    private Cell cell(Supplier<String> text) {
        return switch (hostile.below(4)) {
            case 0 -> new Cell.NotApplicable(text.get());
            case 1 -> new Cell.Unavailable(text.get());
            case 2 ->
                new Cell.Seen(
                        Reaction.REJECTS,
                        502,
                        1,
                        text.get(),
                        Optional.of(
                                new Verdict(Outcome.RESETS_BEFORE, 502, text.get(), text.get(), text.get(), "1.40.0")),
                        List.of(text.get()));
            default ->
                new Cell.Seen(
                        List.of(Reaction.values()).get(hostile.below(4)),
                        200,
                        5,
                        text.get(),
                        Optional.empty(),
                        List.of());
        };
    }
}
