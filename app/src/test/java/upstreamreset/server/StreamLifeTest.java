// SPDX-License-Identifier: Apache-2.0
package upstreamreset.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams whose client is slow, gone, half gone, or one of many. */
class StreamLifeTest {
    private static final String REQUEST = "GET /correct HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

    @SuppressWarnings("NullAway.Init") // each test starts its own
    private AppServer app;

    private void start(int chunks, Duration period) throws IOException {
        start(chunks, period, ServeOptions.DRAIN);
    }

    private void start(int chunks, Duration period, Duration drain) throws IOException {
        app = AppServer.start(new ServeOptions("127.0.0.1", 0, chunks, period, drain));
    }

    @AfterEach
    void stop() {
        app.close();
    }

    @Test
    void theHeadComesBeforeTheFirstChunkIsDue() throws Exception {
        start(1, Duration.ofMinutes(1));
        try (var client = new RawClient(app)) {
            client.send(REQUEST);
            assertThat(client.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 200 OK");
        }
    }

    @Test
    void aHalfClosedClientStillGetsTheWholeStream() throws Exception {
        start(3, Duration.ofMillis(50));
        try (var client = new RawClient(app)) {
            client.send(REQUEST);
            client.endOutput();
            assertThat(client.readToEnd()).endsWith("6\r\nChunk\n\r\n6\r\nChunk\n\r\n6\r\nChunk\n\r\n0\r\n\r\n");
        }
        await().untilAsserted(
                        () -> assertThat(metric("streams_completed_total")).isEqualTo("1.0"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aVanishedClientIsDroppedAndCounted(boolean byReset) throws Exception {
        start(10_000, Duration.ofMillis(20));
        var client = new RawClient(app);
        client.send(REQUEST);
        client.readUntil("Chunk");
        assertThat(app.streams()).isEqualTo(1);
        if (byReset) {
            client.reset();
        } else {
            client.close();
        }
        await().untilAsserted(() -> assertThat(app.streams()).isZero());
        assertThat(metric("streams_aborted_total")).isEqualTo("1.0");
        assertThat(metric("streams_open")).isEqualTo("0.0");
    }

    @Test
    void aRequestBodyIsReadWhileTheStreamRuns() throws Exception {
        start(1_000, Duration.ofMinutes(1));
        int length = 20_000_000;
        try (var client = new RawClient(app)) {
            client.send(post(length));
            client.readUntil("\r\n\r\n");
            client.send("x".repeat(length));
            assertThat(app.streams()).isEqualTo(1);
        }
    }

    @Test
    void aStreamThatARequestBodyCameForEndsAsAnyOther() throws Exception {
        start(3, Duration.ofMillis(50));
        try (var client = new RawClient(app)) {
            client.send(post(100_000) + "x".repeat(100_000));
            assertThat(client.readToEnd()).endsWith("0\r\n\r\n");
        }
    }

    private static String post(int length) {
        return "POST /correct HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: " + length + "\r\n\r\n";
    }

    @Test
    void manyStreamsShareTheIoThreads() throws Exception {
        start(1, Duration.ofSeconds(1));
        var clients = new ArrayList<RawClient>();
        try {
            for (int i = 0; i < 300; i++) {
                var client = new RawClient(app);
                clients.add(client);
                client.send(REQUEST);
            }
            for (var client : clients) {
                client.readUntil("\r\n\r\n");
            }
            // Those of an app before this one may still be about to end.
            await().untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet().stream()
                            .map(Thread::getName)
                            .filter(name -> name.startsWith("app ")))
                    .hasSizeBetween(1, 3));
            for (var client : clients) {
                assertThat(client.readToEnd()).endsWith("6\r\nChunk\n\r\n0\r\n\r\n");
            }
        } finally {
            for (var client : clients) {
                client.close();
            }
        }
    }

    @Test
    void aSlowClientHoldsUpNobodyAndGetsEverythingWhenItReads() throws Exception {
        start(5_000, Duration.ofMillis(1));
        try (var slow = new RawClient(app, 1024)) {
            slow.send(REQUEST);
            slow.readUntil("\r\n\r\n");
            // Its 55 kB are due when another stream of the same length has ended; the sockets' buffers hold less.
            assertThat(RawClient.get(app, "/correct")).endsWith("0\r\n\r\n");
            await().untilAsserted(() -> assertThat(app.streams()).isEqualTo(1));
            var rest = slow.readToEnd();
            assertThat(rest).endsWith("0\r\n\r\n").hasSize(5_000 * "6\r\nChunk\n\r\n".length() + "0\r\n\r\n".length());
        }
    }

    @Test
    void drainingIsNotReadyTakesNoNewStreamsAndWaitsForTheRunningOnes() throws Exception {
        start(5_000, Duration.ofMillis(1), Duration.ofHours(1));
        assertThat(RawClient.get(app, "/ready")).startsWith("HTTP/1.1 200").endsWith("ready\n");
        // The sockets' buffers hold less than the stream: it runs until the client reads the rest.
        try (var running = new RawClient(app, 1024)) {
            running.send(REQUEST);
            running.readUntil("Chunk");
            var drained = CompletableFuture.supplyAsync(this::drain);
            await().untilAsserted(() -> assertThat(RawClient.get(app, "/ready")).startsWith("HTTP/1.1 503"));
            assertThat(RawClient.get(app, "/correct"))
                    .startsWith("HTTP/1.1 503")
                    .endsWith("no new streams here\n");
            assertThat(drained).isNotDone();
            assertThat(running.readToEnd()).endsWith("0\r\n\r\n");
            assertThat(drained.get()).isZero();
        }
    }

    @Test
    void drainingGivesUpStreamsThatDoNotEnd() throws Exception {
        start(1, Duration.ofMinutes(1), Duration.ofMillis(50));
        try (var endless = new RawClient(app)) {
            endless.send(REQUEST);
            endless.readUntil("\r\n\r\n");
            assertThat(app.drain()).isEqualTo(1);
        }
    }

    @Test
    void metricsCountRequestsByPathAndStatus() throws Exception {
        start(1, Duration.ofMillis(1));
        RawClient.get(app, "/wrong");
        RawClient.get(app, "/nope/1");
        RawClient.get(app, "/nope/2");
        // A request is counted when it is over, which the client may know first.
        await().untilAsserted(() -> assertThat(RawClient.get(app, "/metrics"))
                .contains(
                        "http_requests_total{path=\"/wrong\",status=\"200\"} 1.0\n",
                        "http_requests_total{path=\"other\",status=\"404\"} 2.0\n",
                        "process_resident_memory_bytes"));
    }

    private long drain() {
        try {
            return app.drain();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private String metric(String name) throws IOException {
        return RawClient.metric(app, name);
    }
}
