// SPDX-License-Identifier: Apache-2.0
package upstreamreset.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import upstreamreset.election.Candidacy;
import upstreamreset.election.ElectionStatus;
import upstreamreset.election.SeenTerm;
import upstreamreset.server.AppServer;
import upstreamreset.server.ServeOptions;
import upstreamreset.testing.Chromium;
import upstreamreset.testing.HostileRelay;
import upstreamreset.testing.HostileText;
import upstreamreset.testing.PageChecks;
import upstreamreset.wire.Escape;

/** The app's page in a real browser, where answers, events, names and the Lease say what an attacker chose. */
class HostileSiteIT {
    private static final int ANSWERS = 60;

    private final HostileText hostile = new HostileText(29);

    @TempDir
    Path folder;

    @Test
    void hostileAnswersAndEventsStayText() throws Exception {
        try (var app = AppServer.start(ServeOptions.onFreePort());
                var relay = new HostileRelay(app.uri(), this::answer);
                var browser = new Chromium(folder, relay.uri())) {
            browser.await("document.querySelectorAll('.scenarios > li').length > 100");
            for (var name : List.of("te-twice", "te-tabs", "cl-too-short")) {
                browser.value("document.querySelector('#s-" + name + " button').click()");
                browser.await("document.querySelector('#s-" + name + " .detail') !== null");
                assertThat(browser.value("document.querySelector('#s-" + name + " pre').textContent"))
                        .contains("x-hostile");
            }
            browser.await("document.querySelectorAll('#answers li').length === 50");
            browser.value("document.querySelectorAll('#answers details').forEach(each => each.open = true)");
            browser.await("document.querySelectorAll('#lanes .bar').length === 3");
            browser.awaited("who()");
            holds(browser);
        }
    }

    @Test
    void hostileNamesOnTheLeaseStayText() throws Exception {
        var start = Instant.parse("2026-11-29T12:00:00Z");
        var terms = new ArrayList<SeenTerm>();
        for (int i = 0; i < 20; i++) {
            var end = start.plusSeconds(10 * i + 9);
            terms.add(new SeenTerm(
                    hostile.next(),
                    i,
                    start.plusSeconds(10L * i),
                    Optional.of(end),
                    Optional.of(Duration.ofSeconds(1))));
        }
        terms.add(new SeenTerm("x".repeat(1 << 20), 20, start.plusSeconds(200), Optional.empty(), Optional.empty()));
        for (var holder : List.of(hostile.next() + hostile.next(), "x".repeat(1 << 20))) {
            var election = new Candidacy() {
                @Override
                public ElectionStatus status() {
                    return new ElectionStatus(false, holder, 20, Optional.empty(), Optional.empty(), 0);
                }

                @Override
                public List<SeenTerm> terms() {
                    return terms;
                }
            };
            try (var app = AppServer.start(ServeOptions.onFreePort(), hostile.next(), () -> election);
                    var browser = new Chromium(folder, app.uri().resolve("/"))) {
                browser.await("document.querySelectorAll('#terms li').length === 21");
                browser.awaited("who()");
                holds(browser);
            }
        }
    }

    private static void holds(Chromium browser) throws Exception {
        assertThat(browser.value("document.title + ' ' + document.scripts.length"))
                .isEqualTo("upstream-reset 2");
        PageChecks.nothingForeign(browser);
        PageChecks.layoutHolds(browser);
    }

    private synchronized String answer(String head) {
        if (head.startsWith("GET /events ")) {
            return "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n" + events();
        }
        var path = head.split(" ", 3)[1];
        if (!path.startsWith("/scenarios/") || path.endsWith("/about")) {
            return "";
        }
        return "HTTP/1.1 200 " + hostile.inLine() + "\r\nX-Hostile: " + hostile.inLine() + "\r\nServer: "
                + hostile.inLine() + "\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n" + hostile.next()
                + hostile.next() + "a".repeat(1 << 20);
    }

    private String events() {
        var answers = IntStream.range(0, ANSWERS)
                .mapToObj(_ -> event(
                        "answer",
                        "{\"at\":\"2026-11-29T12:00:00Z\",\"scenario\":%s,\"bytes\":%s,\"end\":%s,\"sent\":%s,\"skipped\":%s}"
                                .formatted(text(), text(), text(), text(), text())))
                .collect(Collectors.joining());
        var terms = IntStream.range(0, 3)
                .mapToObj(i -> "{\"holder\":%s,\"number\":%s,\"from\":\"2026-11-29T12:00:0%dZ\",\"gapMillis\":%s%s}"
                        .formatted(
                                text(),
                                text(),
                                2 * i,
                                text(),
                                i == 2 ? "" : ",\"until\":\"2026-11-29T12:00:0" + (2 * i + 1) + "Z\""))
                .collect(Collectors.joining(","));
        return "retry: 600000\n" + event("hello", "{\"pod\":" + text() + "}") + answers
                + event("election", "{\"terms\":[" + terms + "]}") + event("answer", "no JSON");
    }

    /** A string that JSON reads back as it was: bidi controls, lone surrogates and all; ASCII on the wire. */
    private String text() {
        return Escape.json(hostile.next())
                .codePoints()
                .mapToObj(c -> c < 0x80 ? Character.toString(c) : "\\u%04x".formatted(c))
                .collect(Collectors.joining());
    }

    private static String event(String name, String data) {
        return "event: " + name + "\ndata: " + data + "\n\n";
    }
}
