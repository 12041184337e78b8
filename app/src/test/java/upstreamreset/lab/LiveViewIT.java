// SPDX-License-Identifier: Apache-2.0
package upstreamreset.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import upstreamreset.server.AppServer;
import upstreamreset.server.ServeOptions;
import upstreamreset.testing.Chromium;
import upstreamreset.testing.HostileRelay;

/** The page's live view in a real browser, whose connections break, are refused, and come to another Pod. */
class LiveViewIT {
    private static final String SCENARIOS =
            "[...document.querySelectorAll('#answers summary')].map(s => s.textContent.split(' · ')[1]).join()";

    private static final String STATE = "document.getElementById('live-state').textContent";

    private final List<String> asked = new CopyOnWriteArrayList<>();
    private volatile String answer = "";
    private AppServer app;
    private HostileRelay relay;

    @TempDir
    Path folder;

    @BeforeEach
    void start() throws IOException {
        app = AppServer.start(ServeOptions.onFreePort());
        relay = new HostileRelay(app.uri(), head -> {
            if (!head.startsWith("GET /events ")) {
                return "";
            }
            asked.add(head);
            return answer;
        });
    }

    @AfterEach
    void stop() throws IOException {
        relay.close();
        app.close();
    }

    @Test
    void afterABreakItGoesOnWithWhatIsNew() throws Exception {
        try (var browser = new Chromium(folder, relay.uri())) {
            scenario("te-twice");
            browser.await(SCENARIOS + " === 'te-twice'");

            relay.breakAll();
            scenario("chunk-extension");

            browser.await(SCENARIOS + " === 'chunk-extension,te-twice'");
            browser.await(STATE + " === 'Connected.'");
            assertThat(asked).hasSize(2);
            assertThat(asked.getLast()).containsPattern("(?i)\r\nLast-Event-ID: [0-9a-z]+-1\r\n");
        }
    }

    @Test
    void whatItHasIsNotShownAgain() throws Exception {
        answer = events("pod-1", "a-1", "a-2", "a-2", "a-1", "a-3");
        try (var browser = new Chromium(folder, relay.uri())) {
            browser.await(SCENARIOS + " === 'a-3,a-2,a-1'");
        }
    }

    @Test
    void anotherPodsAnswersAreAnotherList() throws Exception {
        answer = events("pod-1", "a-1", "a-2");
        try (var browser = new Chromium(folder, relay.uri())) {
            browser.await(SCENARIOS + " === 'a-2,a-1'");
            answer = events("pod-2", "b-7");
            browser.await(SCENARIOS + " === 'b-7'");
            assertThat(browser.value("document.getElementById('pod').textContent"))
                    .isEqualTo("pod-2");
        }
    }

    @Test
    void aRefusalIsSaid() throws Exception {
        answer = "HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n\r\nThe live view has 100 viewers.\n";
        try (var browser = new Chromium(folder, relay.uri())) {
            browser.await(STATE + ".startsWith('Not connected: the live view is full')");
        }
    }

    @Test
    void aPauseKeepsWhatComesForLater() throws Exception {
        try (var browser = new Chromium(folder, relay.uri())) {
            browser.await(STATE + " === 'Connected.'");
            browser.value("document.getElementById('pause').focus()");
            browser.key("Enter");
            assertThat(browser.value("document.getElementById('pause').getAttribute('aria-pressed')"))
                    .isEqualTo("true");
            scenario("te-twice");
            scenario("chunk-extension");
            browser.awaited("new Promise(done => new EventSource('/events').addEventListener('answer',"
                    + " event => { if (event.data.includes('chunk-extension')) done(1); }))");
            assertThat(browser.value(SCENARIOS)).isEmpty();
            browser.key("Enter");
            browser.await(SCENARIOS + " === 'chunk-extension,te-twice'");
        }
    }

    private void scenario(String name) throws Exception {
        try (var client = HttpClient.newHttpClient()) {
            client.send(
                    HttpRequest.newBuilder(URI.create(app.uri() + "/scenarios/" + name))
                            .build(),
                    BodyHandlers.discarding());
        }
    }

    private static String events(String pod, String... ids) {
        var events = new StringBuilder("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"
                + "retry: 100\nevent: hello\ndata: {\"pod\":\"" + pod + "\"}\n\n");
        for (var id : ids) {
            events.append("id: ")
                    .append(id)
                    .append("\nevent: answer\ndata: {\"at\":\"2026-11-29T12:00:00Z\",\"scenario\":\"");
            events.append(id).append("\",\"bytes\":1,\"end\":\"sent\",\"sent\":\"x\"}\n\n");
        }
        return events.toString();
    }
}
