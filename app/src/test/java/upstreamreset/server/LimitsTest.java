// SPDX-License-Identifier: Apache-2.0
package upstreamreset.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.awaitility.Awaitility.await;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that take time, memory or connections: each loses its own, and the app's probes are answered. */
class LimitsTest {
    private static final int CONNECTIONS = 40;
    private static final Duration SHORT = Duration.ofSeconds(1);
    private static final Duration LONG = Duration.ofHours(1);
    private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

    private final List<RawClient> clients = new ArrayList<>();
    private AppServer app;

    /** Nobody is too slow for it, however slow the machine is. */
    @BeforeEach
    void start() throws IOException {
        app = within(LONG);
    }

    private static AppServer within(Duration bound) throws IOException {
        return AppServer.start(
                new ServeOptions("127.0.0.1", 0, 10_000, Duration.ofMillis(100), Duration.ZERO),
                new Limits(CONNECTIONS, 5, 1 << 20, bound, LONG, bound, bound, LONG, LONG));
    }

    /** Starts it anew, for those that are too slow. */
    private void impatiently() throws IOException {
        app.close();
        app = within(SHORT);
    }

    @AfterEach
    void stop() throws IOException {
        for (var client : clients) {
            client.close();
        }
        app.close();
    }

    private RawClient client(String bytes) throws IOException {
        var client = new RawClient(app, 2048);
        clients.add(client);
        client.send(bytes);
        return client;
    }

    private static String get(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n";
    }

    @ParameterizedTest
    @ValueSource(strings = {"G", "GET / HT", "GET / HTTP/1.1\r\nHost: a\r\nX", "PR"})
    void aHeadThatDoesNotComeToItsEndIs408(String begin) throws Exception {
        impatiently();
        assertThat(client(begin).readToEnd()).startsWith("HTTP/1.1 408 ").contains("Connection: close");
        await().untilAsserted(() -> assertThat(refused("head-too-slow")).isEqualTo("1.0"));
        await().untilAsserted(() -> assertThat(answered(408)).isEqualTo("1.0"));
        await().untilAsserted(() ->
                assertThat(Double.parseDouble(metric("request_memory_bytes"))).isZero());
    }

    @ParameterizedTest
    @ValueSource(strings = {"PRI * HTTP/2.0\r\n\r\nSM", PREFACE, PREFACE + "\0\0\0\4\0\0\0\0\0"})
    void anHttp2ConnectionWithoutARequestIsClosed(String begin) throws Exception {
        impatiently();
        assertThat(client(begin).readToEnd()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\0\0\0\1\r\0\0\0\1", // padded, and nothing
                "\0\0\1\1\r\0\0\0\1\u00ff", // more padding than there is
                "\0\0\2\1$\0\0\0\1\0\0", // a cut priority
                "\0\0\1\1\5\0\0\0\1\u00ff", // an index without its rest
                "\0\0\2\1\5\0\0\0\1D\u00ff", // a text without its length
                "\0\0\1\1\5\0\0\0\1\u0082", // no path
                "\0\0\2\1\5\0\0\0\1D\0", // an empty path
                "\u00ff\u00ff\u00ff\1\5\0\0\0\1", // a frame of 16 MB
            })
    void anHttp2HeadThatIsMalformedEndsItsConnectionAtOnce(String frame) throws Exception {
        var client = client(PREFACE + frame);
        client.endOutput();
        assertThat(client.readToEnd()).isEmpty();
        await().untilAsserted(() -> assertThat(refused("failure")).isEqualTo("1.0"));
    }

    @Test
    void anHttp2PathHasTheBoundOfARequestLine() throws Exception {
        var path = "/scenarios/" + "a".repeat(9_000);
        int rest = path.length() - 127;
        var head = "\u0082D\177" + (char) (rest % 128 + 128) + (char) (rest / 128) + path;
        var frame = "\0" + (char) (head.length() >> 8) + (char) (head.length() & 0xff) + "\1\5\0\0\0\1" + head;
        assertThat(client(PREFACE + "\0\0\0\4\0\0\0\0\0" + frame).readToEnd())
                .contains("\b\003414")
                .endsWith("The request line is longer than 8192 bytes.\n");
        await().untilAsserted(() -> assertThat(refused("target-too-long")).isEqualTo("1.0"));
        assertThat(answered(414)).isEqualTo("1.0");
    }

    @Test
    void framesBeforeAnHttp2AnswerHaveABound() throws Exception {
        var client = client(PREFACE + "\0\0\0\4\0\0\0\0\0".repeat(Limits.MAX_HTTP2_REQUEST_FRAMES + 1));
        client.endOutput();
        assertThat(client.readToEnd()).isEmpty();
        await().untilAsserted(() -> assertThat(refused("too-many-frames")).isEqualTo("1.0"));
    }

    @Test
    void whatOnlyBeginsLikeThePrefaceIsNoHttp2() throws Exception {
        assertThat(client("PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n").readToEnd()).startsWith("HTTP/1.1 400 ");
    }

    @Test
    void halfABodyIsNotWaitedForWithoutEnd() throws Exception {
        impatiently();
        var half = client("POST /scenarios/te-twice HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\nabc");
        assertThat(half.readToEnd()).isEmpty();
        await().untilAsserted(() -> assertThat(refused("no-progress")).isEqualTo("1.0"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/health", "/correct", "/scenarios/te-twice"})
    void trailersAndChunkExtensionsHaveABound(String path) throws Exception {
        var post = "POST " + path + " HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
        var endless =
                List.of("0\r\nX: " + "a".repeat(40_000), "0\r\n" + "x:\r\n".repeat(30_000), "1;" + "a".repeat(40_000));
        for (var body : endless) {
            // It may be reset while it sends, and its answer with it.
            assertThatCode(() -> client(post + body).readToEnd())
                    .satisfiesAnyOf(
                            each -> assertThat(each).isNull(),
                            each -> assertThat(each).isInstanceOf(SocketException.class));
        }
        await().untilAsserted(() -> assertThat(refused("chunks-too-large")).isEqualTo("3.0"));
        await().untilAsserted(() ->
                assertThat(Double.parseDouble(metric("request_memory_bytes"))).isZero());
    }

    @Test
    void aBodyOfManyTinyChunksWithTrailersIsRead() throws Exception {
        var body = "1;a=b\r\n\n\r\n".repeat(30_000) + "0\r\n" + "x: y\r\n".repeat(50) + "\r\n";
        var post = "POST /scenarios/te-twice HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + body;
        assertThat(client(post + post).readUntil("0\r\n\r\n")).startsWith("HTTP/1.1 200 ");
    }

    @Test
    void whoSendsItsBodySlowlyMakesRoomToo() throws Exception {
        for (int i = 0; i < CONNECTIONS; i++) {
            client("POST /health HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\nabc")
                    .readUntil("healthy");
        }
        assertThat(client(get("/correct")).readUntil("\r\n\r\n")).startsWith("HTTP/1.1 200");
        assertThat(Double.parseDouble(refused("made-room"))).isPositive();
    }

    @Test
    void aClientThatDoesNotReadAnAnswerLosesIt() throws Exception {
        impatiently();
        client(get("/scenarios").repeat(10));
        await().untilAsserted(() -> assertThat(refused("no-progress")).isEqualTo("1.0"));
    }

    @Test
    void whereAllConnectionsAreTakenTheOneThatWaitsLongestGoes() throws Exception {
        for (int i = 0; i < 3 * CONNECTIONS; i++) {
            client("");
            assertThat(RawClient.get(app, "/health")).startsWith("HTTP/1.1 200");
        }
        assertThat(Double.parseDouble(metric("connections_open"))).isBetween(2.0, (double) CONNECTIONS);
        assertThat(Double.parseDouble(refused("made-room"))).isGreaterThan(CONNECTIONS);
    }

    /** Undertow ends an exchange that breaks off behind its connection. */
    @Test
    void aClientThatLeftItsStreamGivesNoPlaceAway() throws Exception {
        for (int i = 0; i < 3 * CONNECTIONS; i++) {
            var client = new RawClient(app);
            client.send(get("/correct"));
            client.readUntil("\r\n\r\n");
            client.reset();
        }
        await().untilAsserted(() -> assertThat(metric("connections_open")).isEqualTo("1.0"));
        for (int i = 0; i < 2 * CONNECTIONS; i++) {
            client("");
        }
        await().untilAsserted(() ->
                assertThat(Double.parseDouble(refused("made-room"))).isGreaterThanOrEqualTo(CONNECTIONS));
        // Each of the two IO threads may be about to make room.
        assertThat(Double.parseDouble(metric("connections_open"))).isLessThanOrEqualTo(CONNECTIONS + 2);
    }

    @Test
    void whereStreamsHaveAllConnectionsProbesAreAnsweredStill() throws Exception {
        for (int i = 0; i < CONNECTIONS; i++) {
            client(get("/correct")).readUntil("\r\n\r\n");
        }
        assertThat(RawClient.get(app, "/health")).startsWith("HTTP/1.1 200");
        assertThat(RawClient.get(app, "/correct")).startsWith("HTTP/1.1 503").endsWith("ask again later.\n");
        assertThat(app.streams()).isEqualTo(CONNECTIONS);
        // A request is counted when it is over, which the client may know first.
        await().untilAsserted(() -> assertThat(refused("probes-only")).isEqualTo("1.0"));
        await().untilAsserted(() -> assertThat(answered(503)).isEqualTo("1.0"));
    }

    @Test
    void unfinishedHeadsTogetherTakeNoMoreThanTheirMemory() throws Exception {
        var half = "GET / HTTP/1.1\r\nHost: a\r\nX: " + "a".repeat(32_000);
        for (int i = 0; i < 30; i++) {
            client(half);
        }
        await().untilAsserted(() ->
                assertThat(Double.parseDouble(refused("no-memory"))).isGreaterThan(5));
        assertThat(Double.parseDouble(metric("request_memory_bytes"))).isLessThan(1 << 20);
        // What is usual is served meanwhile.
        assertThat(client(get("/correct")).readUntil("\r\n\r\n")).startsWith("HTTP/1.1 200");
        for (var client : clients) {
            client.close();
        }
        await().untilAsserted(() ->
                assertThat(Double.parseDouble(metric("request_memory_bytes"))).isZero());
    }

    @Test
    void allMemoryIsBackWhenItsConnectionsAreGone() throws Exception {
        var large = "GET %s HTTP/1.1\r\nHost: a\r\nCookie: " + "a".repeat(30_000) + "\r\n\r\n";
        for (var path : List.of("/correct", "/metrics", "/scenarios/stall", "/scenarios/te-twice", "/health")) {
            var client = client(large.formatted(path));
            client.readUntil(path.endsWith("stall") ? "" : "\r\n\r\n");
            client.close();
        }
        await().untilAsserted(() ->
                assertThat(Double.parseDouble(metric("request_memory_bytes"))).isZero());
        await().untilAsserted(() -> assertThat(metric("connections_open")).isEqualTo("1.0"));
    }

    @Test
    void theHintForANameNobodyKnowsDoesNotGrowWithIt() throws Exception {
        assertThat(RawClient.get(app, "/scenarios/" + "a".repeat(8_000)))
                .startsWith("HTTP/1.1 404 ")
                .contains("/scenarios lists them");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/scenarios/", "/%2f", "/..", "/a;b"})
    void whatAnUnknownPathCostsGrowsWithItsLengthAtMost(String piece) throws Exception {
        assertThat(RawClient.get(app, "/none")).startsWith("HTTP/1.1 404 ");
        var memory = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        // Threads of this JVM that have nothing to do with it may allocate too, but not each time.
        await().untilAsserted(() -> {
            long before = memory.getTotalThreadAllocatedBytes();
            assertThat(RawClient.get(app, piece.repeat(8_000 / piece.length()))).startsWith("HTTP/1.1 4");
            assertThat(memory.getTotalThreadAllocatedBytes() - before).isLessThan(20 << 20);
        });
    }

    @Test
    void aMethodThatIsNotServedIsCountedToo() throws Exception {
        assertThat(RawClient.answer(app, "TRACE / HTTP/1.1\r\nHost: a\r\n\r\n")).startsWith("HTTP/1.1 405 ");
        assertThat(RawClient.answer(app, "BREW / HTTP/1.1\r\nHost: a\r\n\r\n")).startsWith("HTTP/1.1 501 ");
        for (int status : new int[] {405, 501}) {
            await().untilAsserted(
                            () -> assertThat(metric("http_requests_total{path=\"other\",status=\"" + status + "\"}"))
                                    .isEqualTo("1.0"));
        }
    }

    private String answered(int status) throws IOException {
        return metric("http_requests_total{path=\"refused\",status=\"" + status + "\"}");
    }

    private String refused(String reason) throws IOException {
        return metric("connections_refused_total{reason=\"" + reason + "\"}");
    }

    private String metric(String name) throws IOException {
        return RawClient.metric(app, name);
    }
}
