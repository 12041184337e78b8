// SPDX-License-Identifier: Apache-2.0
package upstreamreset.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.ObjectMapper;
import upstreamreset.capture.CaptureReader;
import upstreamreset.capture.CaptureWriter;
import upstreamreset.tcp.Direction;
import upstreamreset.tcp.StreamAssembler;
import upstreamreset.tcp.StreamEvent;
import upstreamreset.tcp.StreamEvent.Data;
import upstreamreset.tcp.StreamEvent.Fin;
import upstreamreset.tcp.StreamEvent.Opened;
import upstreamreset.wire.Bytes;

/** Captures of exchanges, mutated anywhere: read, judged and printed to the end, and nothing of them raw. */
class InspectionFuzzTest {
    private static final int ROUNDS = 1_500;
    private static final byte[] INTERESTING =
            Bytes.latin1("\r\n :;,0aZ\t\u0000\u001b\u0085\u00ff{%<").toArray();

    private final Random random = new Random(8);

    @Test
    void noMutationMakesInspectFailOrPrintControlCharacters() throws Exception {
        var file = capture();
        int found = 0;
        for (int round = 0; round < ROUNDS; round++) {
            var mutated = file.clone();
            for (int edits = 1 + random.nextInt(12); edits > 0; edits--) {
                mutated[4 + random.nextInt(mutated.length - 4)] = INTERESTING[random.nextInt(INTERESTING.length)];
            }
            var text = new StringWriter();
            var json = new StringWriter();
            found += inspect(mutated, text, json);
            assertThat(text.toString()).as("round %d", round).doesNotContainPattern("[\\p{Cntrl}&&[^\n]]");
            json.toString().lines().forEach(new ObjectMapper()::readTree);
            assertThat(json.toString()).as("round %d", round).doesNotContainPattern("[\\p{Cntrl}&&[^\n]]");
        }
        assertThat(found).isGreaterThan(ROUNDS);
    }

    private static int inspect(byte[] file, StringWriter text, StringWriter json) throws IOException {
        var asText = new InspectionText(new PrintWriter(text));
        var asJson = new InspectionJson(new PrintWriter(json), "\u001b[2J.pcap");
        var found = new ArrayList<Object>();
        var inspection = new Inspection("1.40.0", true, response -> {
            found.add(response);
            asText.print(response, true, _ -> 0);
            asJson.print(response, true, _ -> 0);
        });
        new CaptureReader("test").read(new ByteArrayInputStream(file), new StreamAssembler(inspection));
        return found.size();
    }

    private static byte[] capture() throws IOException {
        var events = new ArrayList<StreamEvent>();
        var responses = List.of(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nOK\r\n0\r\n\r\n",
                "HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X\r\n\r\n5;a=b\r\nhello\r\n0\r\nX: y\r\n\r\n");
        for (int stream = 0; stream < responses.size(); stream++) {
            var loopback = InetAddress.ofLiteral("127.0.0.1");
            events.add(new Opened(
                    stream,
                    Instant.EPOCH,
                    new InetSocketAddress(loopback, 40_000 + stream),
                    new InetSocketAddress(loopback, 8080)));
            for (int again = 0; again < 2; again++) {
                events.add(new Data(
                        stream,
                        Instant.EPOCH,
                        Direction.TO_SERVER,
                        Bytes.latin1("POST /a HTTP/1.1\r\nX-Request-Id: 1\r\nContent-Length: 3\r\n\r\nabc")));
                events.add(new Data(stream, Instant.EPOCH, Direction.TO_CLIENT, Bytes.latin1(responses.get(stream))));
            }
            events.add(new Fin(stream, Instant.EPOCH, Direction.TO_CLIENT));
        }
        var out = new ByteArrayOutputStream();
        CaptureWriter.write(out, events);
        return out.toByteArray();
    }
}
