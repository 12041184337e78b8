// SPDX-License-Identifier: Apache-2.0
package upstreamreset.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import upstreamreset.tcp.Direction;
import upstreamreset.tcp.StreamEvent;
import upstreamreset.tcp.StreamEvent.Data;
import upstreamreset.tcp.StreamEvent.Fin;
import upstreamreset.tcp.StreamEvent.Opened;
import upstreamreset.wire.Bytes;

class CaptureWriterTest {
    private static final Instant START = Instant.parse("2026-11-22T20:00:00.123456789Z");

    private static final String ANSWER = """
            HTTP/1.1 200 OK\r
            Transfer-Encoding: Chunked\r
            Transfer-Encoding: chunked\r
            \r
            2\r
            OK\r
            0\r
            \r
            """;

    @TempDir
    Path folder;

    @Test
    void blockLengthsLeadThroughTheWholeFile() throws Exception {
        var file = folder.resolve("one.pcapng");
        CaptureWriter.write(file, exchange());
        var bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        int blocks = 0;
        while (bytes.hasRemaining()) {
            int start = bytes.position();
            int length = bytes.getInt(start + 4);
            assertThat(bytes.getInt(start + length - 4)).isEqualTo(length);
            bytes.position(start + length);
            blocks++;
        }
        assertThat(blocks)
                .as("section, interface, handshake, 2 × data and ACK, FIN and ACK")
                .isEqualTo(2 + 3 + 4 + 2);
    }

    @Test
    void anExistingFileIsReplacedAndNothingElseIsLeft() throws Exception {
        var file = Files.writeString(folder.resolve("one.pcapng"), "old");
        CaptureWriter.write(file, exchange());
        assertThat(Files.size(file)).isGreaterThan(500);
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void aFailureLeavesTheOldFileAlone() throws Exception {
        var file = Files.writeString(folder.resolve("one.pcapng"), "old");
        assertThatThrownBy(() -> CaptureWriter.write(file, exchange().subList(1, 2)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("stream 0 was not opened");
        assertThat(file).hasContent("old");
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void anUnwritablePathIsKnownBeforeTheRun() {
        assertThatThrownBy(() -> CaptureWriter.check(folder.resolve("missing/one.pcapng")))
                .isInstanceOf(CaptureException.class)
                .hasMessageContaining("there is no folder " + folder.resolve("missing"));
        assertThatThrownBy(() -> CaptureWriter.check(folder))
                .isInstanceOf(CaptureException.class)
                .hasMessageContaining("it is a folder");
        assertThatThrownBy(() -> CaptureWriter.check(Path.of("/proc/one.pcapng")))
                .isInstanceOf(CaptureException.class)
                .hasMessageStartingWith("cannot write the capture /proc/one.pcapng: ");
    }

    static List<StreamEvent> exchange() {
        return List.of(
                new Opened(0, START, endpoint(40_000), endpoint(8080)),
                data(Direction.TO_SERVER, 1, "GET /wrong HTTP/1.1\r\nHost: app\r\n\r\n"),
                data(Direction.TO_CLIENT, 2, ANSWER),
                new Fin(0, START.plusMillis(3), Direction.TO_SERVER));
    }

    static Data data(Direction direction, int millis, String text) {
        return new Data(0, START.plusMillis(millis), direction, Bytes.of(text.getBytes(StandardCharsets.ISO_8859_1)));
    }

    static InetSocketAddress endpoint(int port) {
        return new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port);
    }
}
