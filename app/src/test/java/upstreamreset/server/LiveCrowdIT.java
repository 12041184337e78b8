// SPDX-License-Identifier: Apache-2.0
package upstreamreset.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Ten thousand that would watch, at once, in front of the jar as a process of its own: a hundred do, and streams go on. */
@Timeout(300)
class LiveCrowdIT {
    private static final int CROWD = 10_000;
    private static final int AT_ONCE = 200;

    @TempDir
    Path folder;

    private final List<Socket> open = new ArrayList<>();
    private ServedJar app;
    private InetSocketAddress address;

    @BeforeEach
    void start() throws Exception {
        app = new ServedJar(
                folder.resolve("log"),
                List.of(),
                List.of("--sun-misc-unsafe-memory-access=allow", "-Xmx128m"),
                "--period=100ms");
        address = app.address();
    }

    @AfterEach
    void end() throws Exception {
        for (var each : open) {
            each.close();
        }
        app.kill();
    }

    @Test
    void aHundredWatchAndTheOthersAreToldSo() throws Exception {
        // Given
        var slow = ask("/events", 2048);
        assertThat(readUntil(slow, "event: hello")).startsWith("HTTP/1.1 200 ");

        // When
        var seen = new ArrayList<String>();
        try (var threads =
                Executors.newFixedThreadPool(AT_ONCE, Thread.ofVirtual().factory())) {
            var asking = IntStream.range(0, CROWD)
                    .mapToObj(_ -> (Callable<String>) () -> {
                        var socket = ask("/events", 8192);
                        return readUntil(socket, "event: hello", "ask again later.\n");
                    })
                    .toList();
            for (var each : threads.invokeAll(asking)) {
                seen.add(each.get());
            }
        }

        // Then
        assertThat(seen).allMatch(each -> each.startsWith("HTTP/1.1 200 ") || each.startsWith("HTTP/1.1 503 "));
        assertThat(seen.stream().filter(each -> each.startsWith("HTTP/1.1 200 ")))
                .hasSize(99);
        assertThat(seen.stream().filter(each -> each.startsWith("HTTP/1.1 503 ")))
                .allMatch(each -> each.contains("\r\nRetry-After: 30\r\n")
                        && each.endsWith("The live view has 100 viewers, all that it takes; ask again later.\n"));
        for (int i = 0; i < 20; i++) {
            var stream = ask("/correct", 8192);
            assertThat(readUntil(stream, "\r\n0\r\n\r\n")).startsWith("HTTP/1.1 200 ");
        }
        assertThat(readUntil(slow, "\"scenario\":\"correct\"")).contains("event: answer");
        assertThat(app.process().isAlive()).isTrue();
        assertThat(app.said()).doesNotContain("Exception");
    }

    /** From an address of its own: the ports of one are half as many as the crowd may need again. */
    private Socket ask(String path, int receiveBuffer) throws IOException {
        var socket = new Socket();
        synchronized (open) {
            open.add(socket);
        }
        socket.setReceiveBufferSize(receiveBuffer);
        socket.setSoTimeout(60_000);
        socket.bind(new InetSocketAddress(
                InetAddress.getByAddress(new byte[] {127, 0, 23, (byte) (1 + open.size() % 8)}), 0));
        socket.connect(address, 60_000);
        socket.getOutputStream()
                .write(("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private static String readUntil(Socket socket, String... ends) throws IOException {
        var seen = new StringBuilder();
        var buffer = new byte[8192];
        while (List.of(ends).stream().noneMatch(end -> seen.indexOf(end) >= 0)) {
            int count = socket.getInputStream().read(buffer);
            if (count < 0) {
                throw new IOException("the connection ended after: " + seen);
            }
            seen.append(new String(buffer, 0, count, StandardCharsets.ISO_8859_1));
        }
        return seen.toString();
    }
}
