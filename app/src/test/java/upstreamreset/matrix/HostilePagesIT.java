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
import java.util.Random;
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
import upstreamreset.verdict.Outcome;
import upstreamreset.verdict.Verdict;
import upstreamreset.wire.Bytes;

/** Generated pages with hostile text in every field, in a real browser: nothing runs, nothing is loaded, the layout holds. */
class HostilePagesIT {
    private static final List<String> PIECES = List.of(
            "</pre></script><script>document.title='owned'</script>",
            "<img src=x onerror=document.title='owned'>",
            "<svg onload=document.title='owned'>",
            "\"><a href=\"javascript:document.title='owned'\">",
            "' onmouseover='document.title=1' style='position:fixed;top:0",
            "<style>*{display:none}</style><base href=//127.0.0.2/><meta http-equiv=refresh content=0;url=//127.0.0.2/>",
            "\u001b[2J\u001b]0;owned\u0007\u009b31m",
            "\u202eabc\u2066\u2069\u200f\u061c",
            "\u0000\u0001\u007f\u0085\u00ad",
            "\ud800 \udfff \uffff \ue000",
            "]]>--><!--",
            "%3Cscript%3E&lt;b&gt;&#60;i&#62;",
            "\u00c3(\u00a0\u00a1\u00e2(\u00a1",
            "\r\n\t\u000b\f\u2028\u2029",
            "?token=T0psecret&a=T0psecret",
            " Authorization: Bearer T0psecret",
            "w".repeat(5_000),
            "\u0e01\u0e33".repeat(300),
            "a\u0301\u0302\u0303".repeat(200));

    private final Random random = new Random(23);

    @TempDir
    Path folder;

    @Test
    void aStoryOfHostileText() throws Exception {
        for (int round = 0; round < 3; round++) {
            var stories = new ArrayList<Story>();
            for (int i = 0; i < 4; i++) {
                stories.add(new Story(text(), Story.Tone.BAD, text(), parts()));
            }
            var file = folder.resolve("story" + round + ".html");
            StoryPage.write(file, "safe", text(), stories);
            holds(file);
        }
    }

    @Test
    void aLineOfAMegabyteIsCut() throws Exception {
        var line = "<b>" + "x".repeat(1 << 20);
        var story = new Story(
                line,
                Story.Tone.UNKNOWN,
                line,
                List.of(
                        new Story.LogLine(line, line, entry(line)),
                        new Story.Wire(line, Bytes.latin1(line), List.of(), line),
                        new Story.Facts(line, List.of(new Story.Fact(line, line))),
                        new Story.Listing(line, List.of(line, line))));
        var file = folder.resolve("long.html");
        StoryPage.write(file, "safe", line, List.of(story));
        assertThat(Files.size(file)).isLessThan(200_000);
        holds(file);
    }

    @Test
    void aMatrixOfHostileWords() throws Exception {
        var scenarios = new Catalogue().all().subList(0, 30);
        var columns = new ArrayList<Column>();
        for (var implementation : Implementation.values()) {
            columns.add(new Column(
                    implementation,
                    text(),
                    random.nextBoolean() ? Optional.of(text()) : Optional.empty(),
                    scenarios.stream().map(_ -> cell()).toList()));
        }
        var file = folder.resolve("matrix.html");
        MatrixPage.write(file, text(), new Matrix(scenarios, columns));
        holds(file);
    }

    @Test
    void aCaptureOfHostileBytes() throws Exception {
        var events = new ArrayList<StreamEvent>();
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 80);
        var time = Instant.parse("2026-11-29T12:00:00Z");
        for (int stream = 0; stream < 20; stream++) {
            events.add(new StreamEvent.Opened(stream, time, address, address));
            var request = "GET /" + text().replaceAll("\\s", "") + " HTTP/1.1\r\nX: " + text() + "\r\n\r\n";
            var response = "HTTP/1.1 200 OK\r\nX" + text() + ": " + text() + "\r\nContent-Length: x" + text()
                    + "\r\n\r\n" + text();
            events.add(new StreamEvent.Data(stream, time, Direction.TO_SERVER, Bytes.latin1(request)));
            events.add(new StreamEvent.Data(stream, time, Direction.TO_CLIENT, Bytes.latin1(response)));
        }
        var file = folder.resolve("capture.html");
        StreamPage.write(file, "safe", text(), events, Inspection.of(events, "1.40.0"), (_, _) -> 1);
        try (var browser = new Chromium(folder, file)) {
            nothingRan(browser);
        }
    }

    private void holds(Path file) throws Exception {
        assertThat(Files.readString(file).contains("T0psecret"))
                .as("a secret is in " + file)
                .isFalse();
        try (var browser = new Chromium(folder, file)) {
            nothingRan(browser);
            for (int width : new int[] {1200, 360}) {
                browser.resize(width, 800);
                assertThat(browser.value("document.documentElement.scrollWidth <= " + width))
                        .as(file + " at " + width)
                        .isEqualTo("true");
            }
            for (var scheme : List.of("light", "dark")) {
                browser.colours(scheme);
                assertThat(browser.accessibilityFindings())
                        .as(file + " " + scheme)
                        .isEmpty();
            }
        }
    }

    private static void nothingRan(Chromium browser) throws Exception {
        assertThat(browser.value("document.title"))
                .isEqualTo("safe".equals(browser.value("document.title")) ? "safe" : "upstream-reset matrix");
        assertThat(
                        browser.value(
                                "document.scripts.length + ' ' + document.images.length + ' '"
                                        + " + document.querySelectorAll('style').length + ' ' + document.querySelectorAll('base, iframe, object').length"))
                .isEqualTo("1 0 1 0");
        assertThat(browser.value("performance.getEntriesByType('resource').length"))
                .isEqualTo("0");
        assertThat(browser.value(
                        "[...document.querySelectorAll('a')].every(a => a.getAttribute('href').startsWith('#'))"))
                .isEqualTo("true");
        assertThat(browser.value(
                        "/[\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069]/"
                                + ".test(document.documentElement.textContent)"))
                .as("a control character is left")
                .isEqualTo("false");
    }

    private String text() {
        var text = new StringBuilder();
        int pieces = 1 + random.nextInt(3);
        for (int i = 0; i < pieces; i++) {
            text.append(PIECES.get(random.nextInt(PIECES.size())));
        }
        return text.toString();
    }

    private List<Story.Part> parts() {
        var lanes = List.of(text(), text(), text(), text());
        var steps = IntStream.range(0, 8)
                .mapToObj(i -> new Story.Step(
                        random.nextInt(4),
                        random.nextInt(4),
                        List.of(Story.Tone.values()).get(i % 3),
                        text(),
                        text()))
                .toList();
        return List.of(
                new Story.Sequence(text(), lanes, steps),
                new Story.LogLine(text(), text(), entry(text())),
                new Story.Wire(text(), Bytes.latin1(text()), List.of(), text()),
                new Story.Facts(text(), List.of(new Story.Fact(text(), text()))),
                new Story.Advice(text(), List.of(new Story.Cause(text(), text(), text(), text()))),
                new Story.Listing(text(), List.of(text(), text())));
    }

    private AccessLogEntry entry(String line) {
        var fields = new EnumMap<LogField, String>(LogField.class);
        for (var field : LogField.values()) {
            fields.put(field, random.nextBoolean() ? text() : line.substring(0, Math.min(5, line.length())));
        }
        return new AccessLogEntry(fields);
    }

    private Cell cell() {
        return switch (random.nextInt(4)) {
            case 0 -> new Cell.NotApplicable(text());
            case 1 -> new Cell.Unavailable(text());
            case 2 ->
                new Cell.Seen(
                        Reaction.REJECTS,
                        502,
                        1,
                        text(),
                        Optional.of(new Verdict(Outcome.RESETS_BEFORE, 502, "UPE", text(), text(), "1.40.0")),
                        List.of(text()));
            default ->
                new Cell.Seen(
                        List.of(Reaction.values()).get(random.nextInt(4)), 200, 5, text(), Optional.empty(), List.of());
        };
    }
}
