// SPDX-License-Identifier: Apache-2.0
package upstreamreset.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Clients that give the app more to do than it can: the others have their turns. */
class FairTurnsTest {
    /** So many that each IO thread has some. */
    private static final int CLIENTS = 8;

    private final List<RawClient> clients = new ArrayList<>();
    private AppServer app;

    @BeforeEach
    void start() throws IOException {
        app = AppServer.start(new ServeOptions("127.0.0.1", 0, 5, Duration.ofMillis(10), Duration.ZERO));
    }

    @AfterEach
    void stop() throws IOException {
        for (var client : clients) {
            client.close();
        }
        app.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /health HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /none HTTP/1.1\r\nHost: a\r\n\r\n",
                "POST /health HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\na",
            })
    void whoPipelinesWithoutEndHoldsUpNobody(String request) throws Exception {
        for (int i = 0; i < CLIENTS; i++) {
            sendWithoutEnd("", request.repeat(100));
        }
        assertOthersAreServed();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/health", "/correct", "/scenarios/te-twice", "/scenarios/stall"})
    void whoSendsABodyWithoutEndHoldsUpNobody(String path) throws Exception {
        for (int i = 0; i < CLIENTS; i++) {
            sendWithoutEnd(
                    "POST " + path + " HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000000000\r\n\r\n",
                    "a".repeat(100_000));
        }
        assertOthersAreServed();
    }

    /** It may end the connection, for the client was early; but it never takes the rest of a request for a request. */
    @Test
    void aRequestThatComesInPiecesWhileAScriptPlaysIsNeverCut() throws Exception {
        var begin = "GET /scenarios/te-twice HTTP/1.1\r\nHost: a\r\nX: ";
        var request = begin + "a".repeat(4096 - begin.length() - 4) + "\r\n\r\n";
        for (int i = 0; i < 20; i++) {
            var client = client();
            var _ = Thread.ofVirtual().start(() -> {
                if (send(client, request.repeat(300))) {
                    endOutput(client);
                }
            });
            var seen = new StringBuilder();
            try {
                for (var read = client.read(1); read.length() > 0; read = client.read(1)) {
                    seen.append(read.latin1());
                }
            } catch (SocketException e) {
                // It ended with bytes unread.
            }
            assertThat(seen).contains("HTTP/1.1 200 ").doesNotContain("HTTP/1.1 400 ");
        }
    }

    @Test
    void aConnectionEndsAlsoAfterManyScripts() throws Exception {
        var client = client();
        for (int i = 0; i < 200; i++) {
            client.send("GET /scenarios/te-twice HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.readUntil("0\r\n\r\n")).startsWith("HTTP/1.1 200 ");
        }
        client.close();
        await().untilAsserted(() ->
                assertThat(RawClient.metric(app, "connections_open")).isEqualTo("1.0"));
    }

    @Test
    void allPipelinedRequestsAreAnswered() throws Exception {
        int requests = 10_000;
        var client = client();
        var _ = Thread.ofVirtual()
                .start(() -> send(client, "GET /health HTTP/1.1\r\nHost: a\r\n\r\n".repeat(requests)));
        for (int i = 0; i < requests; i++) {
            client.readUntil("\r\n\r\nhealthy\n");
        }
    }

    @Test
    void allOfManyThatComeAtOnceAreAnswered() throws Exception {
        var many = new ArrayList<RawClient>();
        for (int i = 0; i < 300; i++) {
            many.add(client());
            many.getLast().send("GET /health HTTP/1.1\r\nHost: a\r\n\r\n");
        }
        for (var each : many) {
            assertThat(each.readUntil("healthy\n")).startsWith("HTTP/1.1 200 ");
        }
    }

    /** What a client does at that moment is no failure of the app's. */
    @Test
    void closingUnderClientsThatPipelineLogsNoTrace() throws Exception {
        var seen = new ListAppender<ILoggingEvent>();
        var root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
        seen.start();
        root.addAppender(seen);
        try {
            for (int round = 0; round < 10; round++) {
                for (int i = 0; i < CLIENTS; i++) {
                    sendWithoutEnd("", "GET /health HTTP/1.1\r\nHost: a\r\n\r\n".repeat(100));
                }
                app.close();
                start();
            }
        } finally {
            root.detachAppender(seen);
        }
        assertThat(List.copyOf(seen.list))
                .filteredOn(each -> each.getThrowableProxy() != null)
                .isEmpty();
    }

    private RawClient client() throws IOException {
        var client = new RawClient(app);
        clients.add(client);
        return client;
    }

    private void sendWithoutEnd(String begin, String block) throws IOException {
        var client = client();
        var read = new AtomicLong();
        Thread.ofPlatform().daemon().start(() -> {
            while (send(client, begin) && send(client, block.repeat(10))) {}
        });
        Thread.ofPlatform().daemon().start(() -> {
            try {
                while (client.read(4096).length() > 0) {
                    read.incrementAndGet();
                }
            } catch (IOException e) {
                // The test has ended.
            }
        });
        if (begin.isEmpty()) {
            await().until(() -> read.get() > 10);
        }
    }

    private static boolean send(RawClient client, String bytes) {
        try {
            client.send(bytes);
            return true;
        } catch (IOException e) {
            return false; // the test has ended
        }
    }

    private static void endOutput(RawClient client) {
        try {
            client.endOutput();
        } catch (IOException e) {
            // The server was first.
        }
    }

    private void assertOthersAreServed() throws IOException {
        for (int i = 0; i < 10; i++) {
            assertThat(RawClient.get(app, "/health")).startsWith("HTTP/1.1 200");
            assertThat(RawClient.get(app, "/correct")).endsWith("0\r\n\r\n");
        }
    }
}
