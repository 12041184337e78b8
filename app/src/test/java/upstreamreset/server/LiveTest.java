// SPDX-License-Identifier: Apache-2.0
package upstreamreset.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import upstreamreset.site.RecentAnswers;

/** {@code /events}: what it shows, what it never shows, and its bounds. */
class LiveTest {
    private static final String EVENTS = "GET /events HTTP/1.1\r\nHost: a\r\n";
    private static final String FIRST = "event: hello\n";

    private AppServer app;

    @BeforeEach
    void start() throws IOException {
        app = AppServer.start(ServeOptions.onFreePort().withStream(2, Duration.ofMillis(10)));
    }

    @AfterEach
    void stop() {
        app.close();
    }

    @Test
    void anAnswerIsShownWithTheBytesThatWereSent() throws IOException {
        RawClient.get(app, "/wrong");
        RawClient.get(app, "/scenarios/conn-fin-before-head");
        try (var client = subscriber("")) {
            assertThat(shown(client, "wrong", "conn-fin-before-head"))
                    .contains(
                            "Content-Type: text/event-stream\r\n",
                            "\"scenario\":\"wrong\"",
                            "\"end\":\"sent to its end\"")
                    .contains("Transfer-Encoding: Chunked\\r\\nTransfer-Encoding: chunked\\r\\n");
            scenario("te-twice");
            assertThat(client.readUntil("te-twice")).contains("event: answer\n");
        }
    }

    @Test
    void nothingOfAVisitorIsShown() throws IOException {
        var secret = "S3cret";
        try (var client = new RawClient(app)) {
            client.send("POST /scenarios/te-twice?token=" + secret + " HTTP/1.1\r\nHost: " + secret + "\r\nCookie: "
                    + secret + "\r\nUser-Agent: " + secret + "\r\nContent-Length: 6\r\n\r\n" + secret);
            client.readUntil("0\r\n\r\n");
        }
        RawClient.answer(
                app,
                "GET /wrong?" + secret + "=" + secret + " HTTP/1.1\r\nHost: a\r\nAuthorization: " + secret
                        + "\r\nConnection: close\r\n\r\n");
        RawClient.get(app, "/scenarios/" + secret);
        try (var client = subscriber("")) {
            assertThat(shown(client, "te-twice", "wrong")).doesNotContain(secret, "127.0.0.1");
        }
    }

    @Test
    void whoComesAgainGetsOnlyWhatIsNew() throws IOException {
        scenario("te-twice");
        String id;
        try (var client = subscriber("")) {
            var seen = client.readUntil("\"scenario\":\"te-twice\"");
            id = seen.substring(seen.indexOf("id: ") + 4, seen.indexOf('\n', seen.indexOf("id: ")));
        }
        RawClient.get(app, "/scenarios/conn-fin-before-head");
        try (var client = subscriber("Last-Event-ID: " + id + "\r\n")) {
            assertThat(client.readUntil("\"scenario\":")).doesNotContain("te-twice");
        }
        for (var foreign : new String[] {
            "other-1", "1", "", "-", "99999999999999999999-99999999999999999999", id + "9999999999999999999999"
        }) {
            try (var client = subscriber("Last-Event-ID: " + foreign + "\r\n")) {
                assertThat(client.readUntil("\"scenario\":\"te-twice\""))
                        .as(foreign)
                        .contains(FIRST);
            }
        }
    }

    @Test
    void onlyTheLast50AreKept() throws IOException {
        for (int i = 0; i < 60; i++) {
            scenario("te-twice");
        }
        try (var client = subscriber("")) {
            client.readUntil("-60\n");
        }
        try (var client = subscriber("")) {
            var seen = client.readUntil("-60\n");
            assertThat(seen).contains("-11\n").doesNotContain("-10\n");
            assertThat(client.readUntil("\n\n")).contains("te-twice");
            assertThat(seen.split("event: answer", -1)).hasSize(50);
        }
    }

    @Test
    void oneSubscriberTooManyIsToldSo() throws IOException {
        var all = new ArrayList<RawClient>();
        try {
            for (int i = 0; i < LiveHandler.MAX_SUBSCRIBERS; i++) {
                all.add(subscriber(""));
                all.getLast().readUntil(FIRST);
            }
            assertThat(RawClient.get(app, "/events"))
                    .startsWith("HTTP/1.1 503 ")
                    .contains(
                            "Retry-After: 30\r\n",
                            "The live view has 100 viewers, all that it takes; ask again later.");
            assertThat(RawClient.get(app, "/correct")).startsWith("HTTP/1.1 200 ");
            all.removeLast().close();
            Awaitility.await().untilAsserted(() -> {
                scenario("te-twice"); // its bytes show that the client has left
                try (var client = subscriber("")) {
                    assertThat(client.readUntil("\r\n")).isEqualTo("HTTP/1.1 200 OK\r\n");
                }
            });
        } finally {
            for (var each : all) {
                each.close();
            }
        }
    }

    @Test
    void aCommentSaysThatThereIsNothingNew() throws IOException {
        assertThat(Limits.STANDARD.silentEvents()).isEqualTo(Duration.ofSeconds(15));
        try (var hasty = AppServer.start(ServeOptions.onFreePort(), commentAfter(Duration.ZERO));
                var client = new RawClient(hasty)) {
            client.send(EVENTS + "\r\n");
            assertThat(client.readUntil(": still here\n\n")).contains(FIRST);
            assertThat(client.readUntil(": still here\n\n")).doesNotContain("event: ");
        }
        app.close();
        app = AppServer.start(ServeOptions.onFreePort(), commentAfter(Duration.ofHours(1)));
        try (var patient = subscriber("")) {
            patient.readUntil(FIRST);
            scenario("te-twice");
            assertThat(patient.readUntil("te-twice")).doesNotContain("still here");
        }
    }

    private static Limits commentAfter(Duration silence) {
        var standard = Limits.STANDARD;
        return new Limits(
                standard.connections(),
                standard.probeRoom(),
                standard.memoryBytes(),
                standard.head(),
                standard.idle(),
                standard.progress(),
                standard.blockedStream(),
                standard.silentStream(),
                silence);
    }

    @Test
    void theStreamEndsWhenTheAppDrains() throws Exception {
        try (var client = subscriber("")) {
            client.readUntil(FIRST);
            assertThat(app.drain()).isZero();
            assertThat(client.readUntil("\r\n0\r\n\r\n")).isNotEmpty();
            assertThat(RawClient.get(app, "/events"))
                    .startsWith("HTTP/1.1 503 ")
                    .contains("draining");
        }
    }

    /** A response that is cut off is what this lab warns of. */
    @Test
    void theStreamsEndBeforeTheAppCloses() throws Exception {
        var viewers = new ArrayList<RawClient>();
        try {
            for (int i = 0; i < 20; i++) {
                viewers.add(subscriber(""));
                viewers.getLast().readUntil(FIRST);
            }
            assertThat(app.drain()).isZero();
            app.close();
            for (var viewer : viewers) {
                assertThat(viewer.readToEnd()).endsWith("\r\n0\r\n\r\n");
            }
        } finally {
            for (var viewer : viewers) {
                viewer.close();
            }
        }
    }

    /** Others are told meanwhile; once it reads again, it goes on with the newest, and learns how many it has missed. */
    @Test
    void oneThatDoesNotReadMissesWhatComesAndHoldsUpNobody() throws IOException {
        try (var slow = new RawClient(app, 2048);
                var other = subscriber("")) {
            slow.send(EVENTS + "\r\n");
            slow.readUntil(FIRST);
            int answers = 0;
            for (int round = 0; round < 15; round++) {
                for (int i = 0; i < 12; i++) {
                    scenario("te-twice");
                    answers++;
                }
                other.readUntil("-" + answers + "\n");
            }
            assertThat(RawClient.get(app, "/correct")).endsWith("\r\n0\r\n\r\n");
            var seen = slow.readUntil("\"scenario\":\"correct\"");
            assertThat(Pattern.compile("\"skipped\":(\\d+)")
                            .matcher(seen)
                            .results()
                            .mapToInt(each -> Integer.parseInt(each.group(1)))
                            .max()
                            .orElse(0))
                    .isGreaterThan(12);
        }
    }

    /** What a viewer was sent first is charged until it has gone, not for as long as the viewer stays. */
    @Test
    void aViewerThatOnlyWatchesHoldsNoMemory() throws Exception {
        for (int i = 0; i < RecentAnswers.MAX_KEPT; i++) {
            scenario("te-twice");
        }
        try (var client = subscriber("")) {
            client.readUntil("-50\n");
            client.readUntil("\n\n");
            Awaitility.await()
                    .untilAsserted(() -> assertThat(RawClient.metric(app, "request_memory_bytes"))
                            .isEqualTo("0.0"));
        }
    }

    @Test
    void aClientOfHttp10AndOneThatAsksForTheHeadAreAnswered() throws IOException {
        try (var client = new RawClient(app)) {
            client.send("GET /events HTTP/1.0\r\n\r\n");
            assertThat(client.readUntil(FIRST))
                    .startsWith("HTTP/1.0 200 OK\r\n")
                    .doesNotContain("chunked");
        }
        assertThat(RawClient.answer(app, "HEAD /events HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 200 OK\r\n")
                .endsWith("\r\n\r\n");
    }

    @Test
    void offIsOff() throws IOException {
        var options = new ServeOptions(ServeOptions.LOOPBACK, 0, 1, Duration.ofMillis(10), Duration.ZERO, false);
        try (var closed = AppServer.start(options)) {
            assertThat(RawClient.get(closed, "/events"))
                    .startsWith("HTTP/1.1 404 ")
                    .contains("The live view is off here");
            assertThat(RawClient.answer(
                            closed, "GET / HTTP/1.1\r\nHost: a\r\nAccept: text/html\r\nConnection: close\r\n\r\n"))
                    .contains("data-live=\"off\"");
        }
    }

    /** What comes until all of these are shown: an answer is shown once it has ended, which its client may know first. */
    private static String shown(RawClient client, String... scenarios) throws IOException {
        var seen = new StringBuilder();
        while (!Arrays.stream(scenarios).allMatch(each -> seen.indexOf("\"scenario\":\"" + each + "\"") >= 0)) {
            seen.append(client.readUntil("\n\n"));
        }
        return seen.toString();
    }

    /** Asks for a scenario whose answer is chunked, and leaves. */
    private void scenario(String name) throws IOException {
        try (var client = new RawClient(app)) {
            client.send("GET /scenarios/" + name + " HTTP/1.1\r\nHost: a\r\n\r\n");
            client.readUntil("0\r\n\r\n");
        }
    }

    private RawClient subscriber(String fields) throws IOException {
        var client = new RawClient(app);
        client.send(EVENTS + fields + "\r\n");
        return client;
    }
}
