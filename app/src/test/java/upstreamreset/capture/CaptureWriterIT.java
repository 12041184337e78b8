// SPDX-License-Identifier: Apache-2.0
package upstreamreset.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import upstreamreset.tcp.Direction;
import upstreamreset.tcp.StreamEvent;
import upstreamreset.tcp.StreamEvent.Data;
import upstreamreset.tcp.StreamEvent.Fin;
import upstreamreset.tcp.StreamEvent.Opened;
import upstreamreset.tcp.StreamEvent.Reset;
import upstreamreset.testing.Tshark;
import upstreamreset.wire.Bytes;

/** What tshark makes of a capture that we wrote. */
class CaptureWriterIT {
    private static final String CHECKSUMS = "-otcp.check_checksum:TRUE";

    @TempDir
    Path folder;

    @Test
    void theRequestIsFoundByItsUriWithAndWithoutBeingToldThatItIsHttp() throws Exception {
        // Given
        var standard = written(CaptureWriterTest.exchange());
        var elsewhere = written(onPort(45_123));
        // When, Then
        assertThat(Tshark.of(standard, "-d", "tcp.port==8080,http", "-Y", "http.request.uri == \"/wrong\""))
                .contains("GET /wrong");
        assertThat(Tshark.of(elsewhere, "-Y", "http.request.uri == \"/wrong\"")).contains("GET /wrong");
    }

    @Test
    void followTcpStreamShowsBothTransferEncodingLines() throws Exception {
        var file = written(CaptureWriterTest.exchange());
        assertThat(Tshark.of(file, "-q", "-z", "follow,tcp,ascii,0"))
                .contains("Transfer-Encoding: Chunked")
                .contains("Transfer-Encoding: chunked");
    }

    @Test
    void theDoubledHeaderIsCounted() throws Exception {
        var file = written(CaptureWriterTest.exchange());
        assertThat(Tshark.of(file, "-Y", "count(http.transfer_encoding) > 1", "-T", "fields", "-e", "frame.time_epoch"))
                .startsWith("1795377600.125456789");
    }

    @Test
    void theFilterOfTheDocumentsFindsAResetAtTheHeadToo() throws Exception {
        // Given
        var filter = Files.readString(Path.of("../docs/cluster.md"))
                .lines()
                .filter(line -> line.contains("tcp.payload matches"))
                .findFirst()
                .orElseThrow()
                .strip();
        var head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\nDate: a\r\nTransfer-Encoding: chunked\r\n\r\n";
        var once = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
        // When, Then
        assertThat(Tshark.of(written(resetAfter(head)), "-Y", filter)).contains("HTTP/1.1 200 OK");
        assertThat(Tshark.of(written(resetAfter(once)), "-Y", filter)).isEmpty();
        assertThat(Tshark.of(
                        written(resetAfter(once + "1e\r\nTransfer-Encoding: a\r\nTransfer-Encoding: b\r\n")),
                        "-Y",
                        filter))
                .isEmpty();
    }

    /** Envoy resets the connection when it has read {@code response}. */
    private static List<StreamEvent> resetAfter(String response) {
        var exchange = CaptureWriterTest.exchange();
        return List.of(
                exchange.get(0),
                exchange.get(1),
                CaptureWriterTest.data(Direction.TO_CLIENT, 2, response),
                new Reset(0, exchange.get(2).time(), Direction.TO_SERVER));
    }

    @Test
    void nothingIsMalformedMissingOrOfAWrongChecksum() throws Exception {
        for (var events : List.of(CaptureWriterTest.exchange(), long4(), v6())) {
            var file = written(events);
            assertThat(Tshark.of(
                            file,
                            CHECKSUMS,
                            "-oip.check_checksum:TRUE",
                            "-Y",
                            "_ws.malformed || tcp.analysis.flags || tcp.checksum.status == \"Bad\""
                                    + " || ip.checksum.status == \"Bad\""))
                    .isEmpty();
            assertThat(Tshark.of(file, CHECKSUMS, "-Y", "tcp.checksum.status == \"Good\"")
                            .lines())
                    .hasSizeGreaterThanOrEqualTo(events.size() + 3);
        }
    }

    @Test
    void whoClosedFirstIsACommentOnThatPacketOnly() throws Exception {
        var file = written(long4());
        assertThat(Tshark.of(
                        file, "-Y", "tcp.flags.reset == 1", "-T", "fields", "-e", "tcp.srcport", "-e", "frame.comment"))
                .isEqualTo("8080\t\n");
        assertThat(Tshark.of(file, "-Y", "frame.comment", "-T", "fields", "-e", "tcp.srcport", "-e", "frame.comment"))
                .isEqualTo("40000\tthe client closed the connection first (FIN)\n");
    }

    /** Far more than one segment and one window, then a FIN that is answered with RST. */
    private static List<StreamEvent> long4() throws Exception {
        var events = new ArrayList<>(CaptureWriterTest.exchange().subList(0, 2));
        var end = events.getLast().time().plusSeconds(1);
        events.add(new Data(0, end, Direction.TO_CLIENT, Bytes.of(new byte[300_001])));
        events.add(new Fin(0, end, Direction.TO_SERVER));
        events.add(new Reset(0, end, Direction.TO_CLIENT));
        return events;
    }

    private static List<StreamEvent> v6() throws Exception {
        var loopback = InetAddress.ofLiteral("::1");
        return List.of(
                new Opened(
                        7,
                        Instant.EPOCH,
                        new InetSocketAddress(loopback, 40_000),
                        new InetSocketAddress(loopback, 8080)),
                new Data(7, Instant.EPOCH, Direction.TO_SERVER, Bytes.of(new byte[] {'G'})),
                new Reset(7, Instant.EPOCH, Direction.TO_CLIENT));
    }

    private static List<StreamEvent> onPort(int port) throws Exception {
        var events = new ArrayList<>(CaptureWriterTest.exchange());
        events.set(
                0,
                new Opened(
                        0,
                        events.getFirst().time(),
                        CaptureWriterTest.endpoint(40_000),
                        CaptureWriterTest.endpoint(port)));
        return events;
    }

    private Path written(List<StreamEvent> events) throws Exception {
        var file = Files.createTempFile(folder, "written", ".pcapng");
        CaptureWriter.write(file, events);
        return file;
    }
}
