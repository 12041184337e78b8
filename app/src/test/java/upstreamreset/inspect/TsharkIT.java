// SPDX-License-Identifier: Apache-2.0
package upstreamreset.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import upstreamreset.capture.CaptureReader;
import upstreamreset.capture.CaptureWriter;
import upstreamreset.tcp.Direction;
import upstreamreset.tcp.StreamAssembler;
import upstreamreset.tcp.StreamEvent;
import upstreamreset.testing.Tshark;
import upstreamreset.wire.Bytes;

/** tshark 4.0 sees the same responses on the same connections, with both of its settings for bodies that do not end. */
class TsharkIT {
    private static final int CONNECTIONS = 300;

    @TempDir
    Path folder;

    private final Random random = new Random(17);
    private final List<StreamEvent> events = new ArrayList<>();
    private Instant now = Instant.parse("2026-11-22T20:00:00Z");

    @Test
    void whatIsWholeAndWhatIsNotIsSeenAsTsharkSeesIt() throws Exception {
        // Given
        for (int stream = 0; stream < CONNECTIONS; stream++) {
            connection(stream);
        }
        var file = folder.resolve("generated.pcapng");
        CaptureWriter.write(file, events);
        // When
        var ours = new ArrayList<String>();
        try (var in = Files.newInputStream(file)) {
            var inspection = new Inspection(
                    "1.40.0",
                    true,
                    response ->
                            ours.add(response.stream() + " " + response.judged().status()));
            new CaptureReader("generated").read(in, new StreamAssembler(inspection));
        }
        // Then: a body that does not end hides its head from tshark while it waits for it, so both settings together
        // see all
        var whole = tshark(file, true);
        var heads = tshark(file, false);
        assertThat(heads).containsAll(whole);
        assertThat(ours).containsExactlyInAnyOrderElementsOf(heads);
        assertThat(whole.size()).isLessThan(heads.size());
    }

    private static List<String> tshark(Path file, boolean whole) throws Exception {
        var told = Tshark.of(
                file,
                "-o",
                "tcp.desegment_tcp_streams:" + whole,
                "-o",
                "http.desegment_body:" + whole,
                "-d",
                "tcp.port==8080,http",
                "-Y",
                "http.response.code",
                "-T",
                "fields",
                "-e",
                "tcp.stream",
                "-e",
                "http.response.code");
        var responses = new ArrayList<String>();
        told.lines().forEach(line -> {
            var fields = line.split("\t", -1);
            for (var code : fields[1].split(",", -1)) {
                responses.add(fields[0] + " " + code);
            }
        });
        return responses;
    }

    /** One to four exchanges, each response in segments of its own; the last one may not end. */
    private void connection(int stream) {
        var address = InetAddress.getLoopbackAddress();
        events.add(new StreamEvent.Opened(
                stream, next(), new InetSocketAddress(address, 20_000 + stream), new InetSocketAddress(address, 8080)));
        int exchanges = 1 + random.nextInt(4);
        for (int i = 0; i < exchanges; i++) {
            data(stream, Direction.TO_SERVER, "GET /%d HTTP/1.1\r\nHost: a\r\n\r\n".formatted(i));
            response(stream, i == exchanges - 1 && random.nextInt(3) == 0);
        }
        events.add(new StreamEvent.Fin(stream, next(), Direction.TO_CLIENT));
        events.add(new StreamEvent.Fin(stream, next(), Direction.TO_SERVER));
    }

    private void response(int stream, boolean endless) {
        var status =
                List.of("200 OK", "404 Not Found", "503 Service Unavailable").get(random.nextInt(3));
        var body = "x".repeat(1 + random.nextInt(4_000));
        boolean chunked = random.nextBoolean();
        var head = "HTTP/1.1 " + status + "\r\n"
                + (chunked
                        ? "Transfer-Encoding: chunked\r\n\r\n"
                        : "Content-Length: " + (body.length() + (endless ? 9_999 : 0)) + "\r\n\r\n");
        var content = chunked ? "%x\r\n%s\r\n%s".formatted(body.length(), body, endless ? "" : "0\r\n\r\n") : body;
        data(stream, Direction.TO_CLIENT, head);
        for (int at = 0; at < content.length(); ) {
            int end = Math.min(content.length(), at + 1 + random.nextInt(1_400));
            data(stream, Direction.TO_CLIENT, content.substring(at, end));
            at = end;
        }
    }

    private void data(int stream, Direction direction, String text) {
        events.add(new StreamEvent.Data(stream, next(), direction, Bytes.latin1(text)));
    }

    private Instant next() {
        now = now.plusNanos(1_000_000);
        return now;
    }
}
