// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import upstreamreset.testing.Cli;
import upstreamreset.wire.Bytes;

/** Captures made to fill the memory of a small heap, of connections that stay open and each hold what they can. */
class InspectMemoryIT {
    private static final int HEAP_MB = 48;
    private static final int SEGMENT = 16_000;
    private static final String ASK = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    @TempDir
    Path folder;

    /** Together the connections of each kind would hold several times the heap. */
    @ParameterizedTest
    @CsvSource({
        "120000, a request and nothing more",
        "20000, a plain response that is not over",
        "3000, a head that does not end",
        "3000, a request that does not end",
        "1000, a request whose trailers do not end",
        "1500, segments that wait for one that never comes",
        "1500, requests that nobody answers",
        "3000, a response to no request",
        "20, interim responses without end"
    })
    void aSmallHeapIsEnough(int connections, String kind) throws Exception {
        // Given
        var command = new ArrayList<>(Cli.jarCommand("inspect", "-"));
        command.addAll(1, List.of("-Xmx" + HEAP_MB + "m", "-XX:+UseSerialGC"));
        var errors = folder.resolve("errors");
        var process = new ProcessBuilder(command)
                .redirectOutput(folder.resolve("output").toFile())
                .redirectError(errors.toFile())
                .start();
        try {
            // When
            try (var capture = new Capture(process.getOutputStream())) {
                for (int number = 0; number < connections; number++) {
                    connection(capture, number, kind);
                }
            } catch (IOException e) {
                assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
                throw new AssertionError("it ended early: " + Files.readString(errors), e);
            }
            // Then
            assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(errors)
                .content()
                .doesNotContain("OutOfMemoryError")
                .contains("%,d connections".formatted(connections));
        if (connections > 20) {
            assertThat(errors)
                    .content()
                    .containsPattern("[0-9,]+ connections were dropped at the memory limit")
                    .containsOnlyOnce("dropped at the memory limit");
        }
    }

    private static void connection(Capture capture, int number, String kind) throws IOException {
        capture.packet(number, true, 2, 0, 0, "");
        capture.packet(number, false, 18, 0, 1, "");
        switch (kind) {
            case "a request and nothing more" -> capture.packet(number, true, 16, 1, 1, ASK);
            case "a plain response that is not over" -> {
                capture.packet(number, true, 16, 1, 1, ASK);
                capture.run(number, false, 1, "HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n", "x", 8_000);
            }
            case "a head that does not end" -> {
                capture.packet(number, true, 16, 1, 1, ASK);
                capture.run(number, false, 1, "HTTP/1.1 200 OK\r\nX : y\r\nZ: ", "x", 60_000);
            }
            case "a request that does not end" -> capture.run(number, true, 1, "GET /", "x", 60_000);
            case "a request whose trailers do not end" ->
                capture.run(
                        number,
                        true,
                        1,
                        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n",
                        "a: b\r\n",
                        60_000);
            case "segments that wait for one that never comes" -> {
                capture.packet(number, true, 16, 1, 1, ASK);
                capture.run(number, false, 100, "", "x", 200_000);
            }
            case "requests that nobody answers" ->
                capture.run(number, true, 1, "", ("GET /" + "y".repeat(500) + " HTTP/1.1\r\n\r\n"), 200_000);
            case "a response to no request" -> capture.run(number, false, 1, "HTTP/1.1 200 OK\r\nX: ", "x", 60_000);
            case "interim responses without end" -> {
                capture.packet(number, true, 16, 1, 1, ASK);
                capture.run(
                        number,
                        false,
                        1,
                        "",
                        "HTTP/1.1 103 Early Hints\r\n" + "a: b\r\n".repeat(5_000) + "\r\n",
                        3_000_000);
            }
            default -> throw new IllegalArgumentException(kind);
        }
    }

    /** Packets of raw IPv4, written as they are made. */
    private static final class Capture implements AutoCloseable {
        private final DataOutputStream out;
        private int packets;

        Capture(OutputStream out) throws IOException {
            this.out = new DataOutputStream(new BufferedOutputStream(out, 1 << 16));
            this.out.writeInt(0xA1B2C3D4);
            this.out.writeInt(2 << 16 | 4);
            this.out.writeLong(0);
            this.out.writeInt(1 << 18);
            this.out.writeInt(101);
        }

        /** {@code start}, and {@code unit} again and again until there are {@code length} bytes. */
        void run(int number, boolean toServer, int sequence, String start, String unit, int length) throws IOException {
            var text = start + unit.repeat(length / unit.length());
            for (int at = 0; at < text.length(); at += SEGMENT) {
                packet(
                        number,
                        toServer,
                        16,
                        sequence + at,
                        1,
                        text.substring(at, Math.min(text.length(), at + SEGMENT)));
            }
        }

        void packet(int number, boolean toServer, int flags, int sequence, int acknowledged, String data)
                throws IOException {
            out.writeInt(1_700_000_000 + packets++ / 100_000);
            out.writeInt(0);
            out.writeInt(40 + data.length());
            out.writeInt(40 + data.length());
            out.writeInt(0x4500 << 16 | (40 + data.length()));
            out.writeInt(0x4000);
            out.writeInt(64 << 24 | 6 << 16);
            int client = 10 << 24 | number;
            int server = 11 << 24;
            out.writeInt(toServer ? client : server);
            out.writeInt(toServer ? server : client);
            out.writeInt(toServer ? 40_000 << 16 | 8080 : 8080 << 16 | 40_000);
            out.writeInt(sequence);
            out.writeInt(acknowledged);
            out.writeInt(5 << 28 | flags << 16 | 0xFFFF);
            out.writeInt(0);
            out.write(Bytes.latin1(data).toArray());
        }

        @Override
        public void close() throws IOException {
            out.close();
        }
    }
}
