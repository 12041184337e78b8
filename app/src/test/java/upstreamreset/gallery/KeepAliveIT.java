// SPDX-License-Identifier: Apache-2.0
package upstreamreset.gallery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import upstreamreset.http1.RawExchange;
import upstreamreset.http1.RequestContext;
import upstreamreset.http1.Transport;

/**
 * Before the recipe for idle connections a server closes one, after it the same server has it open still at that time. Without
 * {@code -Dgallery}, those servers that close it soonest; {@code scripts/gallery} asks for all.
 */
@Execution(ExecutionMode.CONCURRENT)
class KeepAliveIT {
    private static final int MAX_SECONDS = 5;
    private static final String WANTED = System.getProperty("gallery", "");
    private static final Duration CONNECT = Duration.ofMinutes(1);

    /** How long the answer may take; how long a connection is certainly idle; how much later than its limit a server may look. */
    private static final Duration ANSWER = Duration.ofMinutes(1);

    private static final long IDLE_MILLIS = 500;
    private static final long LATE_MILLIS = 30_000;
    private static final int TRIES = 5;
    private static final int MAX_BYTES = 1 << 16;

    @TempDir
    Path folder;

    @TestFactory
    Stream<DynamicTest> theRecipeKeepsAnIdleConnectionOpen() throws IOException {
        var wanted = List.of(WANTED.split(","));
        return IdleServer.all().stream()
                .filter(idle -> WANTED.isEmpty()
                        ? idle.seconds() <= MAX_SECONDS
                        : wanted.contains("all")
                                || wanted.contains(idle.server().id()))
                .map(idle -> DynamicTest.dynamicTest(idle.server().title(), () -> visit(idle)));
    }

    private void visit(IdleServer idle) throws IOException, InterruptedException {
        var server = idle.server();
        RunningServer.install(server);
        try (var upstream = new Upstream();
                var before = RunningServer.start(server, upstream.url(), folder.resolve(server.id() + "-1"), "before");
                var after = RunningServer.start(server, upstream.url(), folder.resolve(server.id() + "-2"), "after");
                var kept = answered(after);
                var closed = openAtFirst(before)) {
            assertThat(read(closed, idle.seconds() * 1_000L + LATE_MILLIS))
                    .as("closed by the server")
                    .isNegative();
            assertThat(read(kept, IDLE_MILLIS)).as("still open").isZero();
        }
    }

    /** The same, which has been idle for a while; on a busy machine we may look when the server has closed it already. */
    private static Transport openAtFirst(RunningServer server) throws IOException {
        for (int i = 0; i < TRIES; i++) {
            var transport = answered(server);
            if (read(transport, IDLE_MILLIS) == 0) {
                return transport;
            }
            transport.close();
        }
        throw new AssertionError("no connection was open after " + IDLE_MILLIS + " ms");
    }

    /** A connection on which a request has been answered. */
    private static Transport answered(RunningServer server) throws IOException {
        var transport = Transport.connect(server.address(), CONNECT);
        var request = "GET /ok HTTP/1.1\r\nHost: app\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        var response = RawExchange.send(transport, request, RequestContext.of("GET"), MAX_BYTES)
                .receive(RawExchange.Receiver.untilComplete(ANSWER), MAX_BYTES)
                .response();
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.complete()).isTrue();
        return transport;
    }

    /** As {@link Transport#read}; a reset is an end too. */
    private static int read(Transport transport, long millis) {
        try {
            return transport.read(new byte[MAX_BYTES], millis);
        } catch (IOException e) {
            return -1;
        }
    }
}
