// SPDX-License-Identifier: Apache-2.0
package upstreamreset.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import upstreamreset.accesslog.AccessLogEntry;
import upstreamreset.accesslog.LogField;
import upstreamreset.election.Candidacy;
import upstreamreset.election.SeenTerm;
import upstreamreset.inspect.Inspection;
import upstreamreset.inspect.StreamPage;
import upstreamreset.matrix.Cell;
import upstreamreset.matrix.Column;
import upstreamreset.matrix.Implementation;
import upstreamreset.matrix.Matrix;
import upstreamreset.matrix.MatrixPage;
import upstreamreset.matrix.Reaction;
import upstreamreset.page.Story;
import upstreamreset.page.StoryPage;
import upstreamreset.scenario.Catalogue;
import upstreamreset.server.AppServer;
import upstreamreset.server.ServeOptions;
import upstreamreset.tcp.Direction;
import upstreamreset.tcp.StreamEvent;
import upstreamreset.testing.Chromium;
import upstreamreset.testing.PageChecks;
import upstreamreset.testing.RealParts;
import upstreamreset.wire.Bytes;

/** Every page on A4, by a real browser: whole, in the colours for paper, what is folded on the screen too. */
class PrintIT {
    /** No space in it: wider than any page. */
    private static final String LONG = "w".repeat(3_000);

    private static final String END = "the-end-of-it";

    @TempDir
    Path folder;

    @Test
    void theReportOfARealRun() throws Exception {
        var scenarios = Stream.of("wrong", "correct")
                .map(name -> new Catalogue().find(name).orElseThrow())
                .toList();
        var app = ServeOptions.onFreePort().withStream(5, Duration.ofMillis(20));
        var stories = new ArrayList<Story>();
        try (var lab = Lab.start(RealParts.envoy(), new Lab.Options(true, app), scenarios)) {
            for (var scenario : scenarios) {
                stories.add(ReproductionStory.of(lab.reproduce(scenario)));
            }
        }
        var file = folder.resolve("report.html");
        StoryPage.write(file, "upstream-reset reproduce", "test", stories);
        assertThat(printed(file))
                .contains(
                        "client'ssidecar",
                        "server'ssidecar",
                        "Transfer-Encoding:Chunked",
                        "duplicate-transfer-encoding");
    }

    @Test
    void aLongStory() throws Exception {
        var lanes = IntStream.range(0, 8).mapToObj(i -> "lane " + i).toList();
        var steps = IntStream.range(0, 40)
                .mapToObj(i -> new Story.Step(i % 8, (i + 3) % 8, Story.Tone.BAD, "step " + i, LONG.substring(0, 300)))
                .toList();
        var fields = Map.of(LogField.PATH, "/" + LONG, LogField.RESPONSE_CODE, "502");
        var story = new Story(
                "title",
                Story.Tone.BAD,
                LONG.substring(0, 500) + END + 1,
                List.of(
                        new Story.Sequence("sequence", lanes, steps),
                        new Story.LogLine("log", "GET /" + LONG + " 502 " + END + 2, new AccessLogEntry(fields)),
                        new Story.Wire("wire", Bytes.latin1(LONG.repeat(5) + END + 3), List.of(), "under"),
                        new Story.Facts("facts", List.of(new Story.Fact(LONG.substring(0, 200), END + 4))),
                        new Story.Advice(
                                "advice", List.of(new Story.Cause("id", "where", LONG.substring(0, 900), END + 5))),
                        new Story.Listing(
                                "listing",
                                IntStream.range(0, 150)
                                        .mapToObj(i -> "line " + i + END)
                                        .toList())));
        var file = folder.resolve("long.html");
        StoryPage.write(file, "safe", "", List.of(story, story));
        var words = printed(file);
        assertThat(words).contains(END + 1, END + 2, END + 3, END + 4, END + 5, "step39", "line149" + END);
    }

    @Test
    void aMatrixOfManyColumns() throws Exception {
        var scenarios = new Catalogue().all();
        var columns = new ArrayList<Column>();
        for (int version = 0; version < 8; version++) {
            columns.add(column(Implementation.ENVOY, "envoy 1.3" + version + ".12", scenarios.size()));
        }
        for (var each : List.of(Implementation.NGINX, Implementation.HAPROXY, Implementation.CURL, Implementation.GO)) {
            columns.add(column(each, each.text() + " 1.22.1-9+deb12u3", scenarios.size()));
        }
        var file = folder.resolve("matrix.html");
        MatrixPage.write(file, "", new Matrix(scenarios, columns));
        try (var browser = new Chromium(folder, file)) {
            browser.value("document.querySelector('.row a').click()");
            var words = PageChecks.prints(browser, folder, ".tools label, .detail[hidden]");
            assertThat(words)
                    .contains("Onpaperstand", "envoy1.37.12")
                    .contains(scenarios.getFirst().name(), scenarios.getLast().name());
        }
    }

    private static Column column(Implementation implementation, String title, int rows) {
        Cell cell = new Cell.Seen(Reaction.MISREADS, 200, 123_456, LONG, Optional.empty(), List.of());
        return new Column(
                implementation,
                title,
                Optional.empty(),
                IntStream.range(0, rows).mapToObj(_ -> cell).toList());
    }

    @Test
    void allStreamsOfACapture() throws Exception {
        var events = new ArrayList<StreamEvent>();
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 80);
        var time = Instant.parse("2026-11-29T12:00:00Z");
        for (int stream = 0; stream < 6; stream++) {
            events.add(new StreamEvent.Opened(stream, time, address, address));
            events.add(new StreamEvent.Data(
                    stream, time, Direction.TO_SERVER, Bytes.latin1("GET /" + LONG + " HTTP/1.1\r\n\r\n")));
            events.add(new StreamEvent.Data(
                    stream,
                    time,
                    Direction.TO_CLIENT,
                    Bytes.latin1("HTTP/1.1 200 OK\r\nContent-Length: 1x\r\n\r\n" + LONG.repeat(3) + END + stream)));
        }
        var file = folder.resolve("capture.html");
        StreamPage.write(file, "capture", "", events, Inspection.of(events, "1.40.0"), (_, _) -> 1);
        var words = printed(file);
        for (int stream = 0; stream < 6; stream++) {
            assertThat(words.contains(END + stream)).as("stream " + stream).isTrue();
        }
        try (var browser = new Chromium(folder, file)) {
            browser.key("/");
            browser.type("stream 4");
            assertThat(PageChecks.prints(browser, folder, "nav input, .keys, [hidden]"))
                    .as("what the filter leaves")
                    .contains(END + 4)
                    .doesNotContain(END + 3);
        }
    }

    @Test
    void theAppsPages() throws Exception {
        var start = Instant.parse("2026-11-29T12:00:00Z");
        var terms = IntStream.range(0, 40)
                .mapToObj(i -> new SeenTerm(
                        "http-chunked-" + i,
                        i,
                        start.plusSeconds(i * 10L),
                        i == 39 ? Optional.empty() : Optional.of(start.plusSeconds(i * 10L + 9)),
                        i == 0 ? Optional.empty() : Optional.of(Duration.ofSeconds(1))))
                .toList();
        var election = new Candidacy() {
            @Override
            public List<SeenTerm> terms() {
                return terms;
            }
        };
        var unprinted = "nav, .tools, .skip, button, [hidden], .row > div:empty";
        try (var app = AppServer.start(ServeOptions.onFreePort(), "1.0-test", () -> election)) {
            try (var browser = new Chromium(folder, app.uri().resolve("/"))) {
                browser.await("document.querySelectorAll('#lanes .bar').length === 40");
                browser.await("document.querySelectorAll('.scenarios > li').length > 100");
                browser.value("document.querySelector('#s-te-twice button').click()");
                browser.await("document.querySelector('#s-te-twice .detail mark') !== null");
                browser.await("document.querySelectorAll('#answers li').length === 1");
                assertThat(PageChecks.prints(browser, folder, unprinted))
                        .contains(
                                "1.0-test",
                                "pasteverysidecar",
                                "Whatarrivedhere",
                                "HTTP/1.1200OK\\r\\nTransfer-Encoding:chunked\\r\\nTransfer-Encoding",
                                "1000msaftertheonebefore");
                assertThat(browser.value("document.querySelector('#answers pre').checkVisibility()"))
                        .as("the bytes of an answer that is folded on the screen")
                        .isEqualTo("true");
            }
            for (var path : List.of("/scenarios", "/scenarios/te-twice/about", "/scenarios/h2-ok/about")) {
                try (var browser = new Chromium(folder, app.uri().resolve(path))) {
                    assertThat(PageChecks.prints(browser, folder, unprinted)).contains("upstream-reset");
                }
            }
        }
    }

    private String printed(Path file) throws Exception {
        try (var browser = new Chromium(folder, file)) {
            return PageChecks.prints(browser, folder, "nav input, .keys, #count");
        }
    }
}
