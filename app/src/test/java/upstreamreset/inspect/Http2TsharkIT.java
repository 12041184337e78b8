// SPDX-License-Identifier: Apache-2.0
package upstreamreset.inspect;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.undertow.protocols.http2.HpackEncoder;
import io.undertow.util.HeaderMap;
import io.undertow.util.HttpString;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
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

/** Of healthy connections, which a seeded generator makes, tshark and the inspection see the same responses. */
class Http2TsharkIT {
    private static final int CONNECTIONS = 40;
    private static final int MAX_REQUESTS = 12;
    private static final int[] STATUSES = {200, 204, 206, 302, 404, 418, 500, 503};

    private final Random random = new Random(17);
    private final List<StreamEvent> events = new ArrayList<>();
    private Instant now = Instant.parse("2026-11-29T00:00:00Z");

    @Test
    void tsharkSeesTheSameResponses(@TempDir Path folder) throws Exception {
        var file = folder.resolve("h2.pcapng");
        for (int stream = 0; stream < CONNECTIONS; stream++) {
            connection(stream);
        }
        CaptureWriter.write(file, events);

        var found = new ArrayList<InspectedResponse>();
        var inspection = new Inspection("1.40.0", true, found::add);
        new CaptureReader("h2").read(file, new StreamAssembler(inspection));

        var seen = Tshark.of(
                        file,
                        "-Y",
                        "http2.headers.status",
                        "-T",
                        "fields",
                        "-e",
                        "tcp.stream",
                        "-e",
                        "http2.streamid",
                        "-e",
                        "http2.headers.status")
                .lines()
                .map(line -> line.replaceAll(",\\d+", "")) // of CONTINUATION, in the same segment
                .sorted()
                .toList();
        assertThat(seen).hasSizeGreaterThan(CONNECTIONS);
        assertThat(found).noneMatch(InspectedResponse::remarkable);
        assertThat(inspection.totals().http2InPart()).isZero();
        assertThat(found.stream()
                        .map(each -> each.stream() + "\t"
                                + each.http2().orElseThrow().id() + "\t"
                                + each.judged().status())
                        .sorted())
                .isEqualTo(seen);
    }

    /** Requests that are answered in any order, a frame a segment. */
    private void connection(int stream) {
        events.add(new StreamEvent.Opened(
                stream,
                tick(),
                new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 40_000 + stream),
                new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 8080)));
        var client = new HpackEncoder(4096);
        var server = new HpackEncoder(4096);
        say(stream, Direction.TO_SERVER, Http2Wire.CLIENT);
        say(stream, Direction.TO_CLIENT, Http2Wire.SETTINGS + Http2Wire.ACK);
        var waiting = new ArrayList<Integer>();
        int requests = 1 + random.nextInt(MAX_REQUESTS);
        for (int next = 1; next < 2 * requests || !waiting.isEmpty(); ) {
            if (next < 2 * requests && (waiting.isEmpty() || random.nextBoolean())) {
                var fields = new HeaderMap()
                        .add(new HttpString(":method"), "GET")
                        .add(new HttpString(":scheme"), "http")
                        .add(new HttpString(":path"), "/" + random.nextInt(20))
                        .add(new HttpString(":authority"), "a");
                say(stream, Direction.TO_SERVER, Http2Wire.frame(1, 5, next, encoded(client, fields)));
                waiting.add(next);
                next += 2;
            } else {
                int index = random.nextInt(waiting.size());
                int answered = waiting.get(index);
                waiting.subList(index, index + 1).clear();
                respond(stream, answered, server);
            }
        }
        events.add(new StreamEvent.Fin(stream, tick(), Direction.TO_CLIENT));
        events.add(new StreamEvent.Fin(stream, tick(), Direction.TO_SERVER));
    }

    private void respond(int connection, int stream, HpackEncoder encoder) {
        int status = STATUSES[random.nextInt(STATUSES.length)];
        var fields = new HeaderMap().add(new HttpString(":status"), String.valueOf(status));
        for (int i = random.nextInt(6); i > 0; i--) {
            fields.add(new HttpString("x-" + random.nextInt(30)), "v".repeat(random.nextInt(60)) + random.nextInt(30));
        }
        var block = encoded(encoder, fields);
        boolean bodiless = status == 204 || random.nextInt(4) == 0;
        int end = bodiless ? 1 : 0;
        switch (random.nextInt(3)) {
            case 0 -> {
                int cut = random.nextInt(block.length());
                say(
                        connection,
                        Direction.TO_CLIENT,
                        Http2Wire.frame(1, end, stream, block.substring(0, cut))
                                + Http2Wire.frame(9, 4, stream, block.substring(cut)));
            }
            case 1 ->
                say(
                        connection,
                        Direction.TO_CLIENT,
                        Http2Wire.frame(1, end | 0x2c, stream, "\3\0\0\0\0\20" + block + "\0\0\0"));
            default -> say(connection, Direction.TO_CLIENT, Http2Wire.frame(1, end | 4, stream, block));
        }
        if (!bodiless) {
            for (int i = random.nextInt(3); i > 0; i--) {
                say(
                        connection,
                        Direction.TO_CLIENT,
                        Http2Wire.frame(0, 0, stream, "x".repeat(1 + random.nextInt(999))));
            }
            say(connection, Direction.TO_CLIENT, Http2Wire.frame(0, 1, stream, "end"));
        }
    }

    private static String encoded(HpackEncoder encoder, HeaderMap fields) {
        var target = ByteBuffer.allocate(16_000);
        assertThat(encoder.encode(fields, target)).isEqualTo(HpackEncoder.State.COMPLETE);
        return new String(target.array(), 0, target.position(), ISO_8859_1);
    }

    private void say(int stream, Direction direction, String text) {
        events.add(new StreamEvent.Data(stream, tick(), direction, Bytes.latin1(text)));
    }

    private Instant tick() {
        now = now.plusMillis(1);
        return now;
    }
}
