// SPDX-License-Identifier: Apache-2.0
package upstreamreset.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class RelayTest {
    private static final int ACK = TcpPacket.ACK;

    @Test
    void theOtherThreadIsToldTheSameInTheSameOrder() throws Exception {
        var random = new Random(8);
        var packets = new ArrayList<byte[]>();
        for (int round = 0; round < 3_000; round++) {
            packets.add(CaptureFiles.toServer(TcpPacket.SYN, round * 100_000, 0, ""));
            packets.add(CaptureFiles.toServer(
                    ACK, round * 100_000 + 1 + random.nextInt(2), 9, "x".repeat(random.nextInt(1_400))));
            packets.add(CaptureFiles.toClient(random.nextBoolean() ? ACK : TcpPacket.RST | ACK, 9, 1, "answer"));
        }
        packets.add(CaptureFiles.toServer(ACK, 2_999 * 100_000 + 1, 9, "y".repeat(60_000)));
        var file = CaptureFiles.pcap(packets);
        var relayed = new Transcript();
        try (var relay = new Relay(relayed)) {
            read(file, new StreamAssembler(relay));
        }
        assertThat(relayed.streams).hasSize(3_000);
        assertThat(relayed.streams.stream().map(StringBuilder::toString)).isEqualTo(Transcript.of(file));
    }

    /** In one batch it is found out at the end; in many before. */
    @Test
    void whatTheOtherThreadThrowsIsThrownHere() {
        var exchange = CaptureFiles.exchange("ask", "answer");
        var many = new ArrayList<byte[]>();
        for (int round = 0; round < 20_000; round++) {
            many.add(CaptureFiles.toServer(TcpPacket.SYN, round * 100_000, 0, ""));
        }
        for (var packets : List.of(exchange, many)) {
            assertThatThrownBy(() -> {
                        try (var relay = new Relay((_, _, _, _) -> {
                            throw new IllegalStateException("no");
                        })) {
                            read(CaptureFiles.pcap(packets), new StreamAssembler(relay));
                        }
                    })
                    .hasMessage("no");
        }
    }

    @Test
    void aCaptureThatIsStillWrittenIsToldAsFarAsItGoes() throws Exception {
        var transcript = new Transcript();
        var file = CaptureFiles.pcap(CaptureFiles.exchange("ask", "answer"));
        try (var in = new PipedInputStream(1 << 16)) {
            var reading = Thread.ofVirtual().unstarted(() -> {
                try (var relay = new Relay(transcript)) {
                    read(in, new StreamAssembler(relay));
                } catch (java.io.IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            try (var end = new PipedOutputStream(in)) {
                reading.start();
                end.write(file);
                end.flush();
                Awaitility.await()
                        .until(() -> transcript.streams.size() == 1
                                && transcript.streams.getFirst().toString().endsWith(" end"));
            }
            reading.join();
        }
    }

    private static void read(byte[] file, StreamAssembler assembler) throws java.io.IOException {
        read(new ByteArrayInputStream(file), assembler);
    }

    private static void read(InputStream in, StreamAssembler assembler) throws java.io.IOException {
        new CaptureReader("test", _ -> {}).read(in, assembler);
    }
}
