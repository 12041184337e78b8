// SPDX-License-Identifier: Apache-2.0
package upstreamreset.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import upstreamreset.tcp.StreamAssembler;
import upstreamreset.tcp.TcpSegment;
import upstreamreset.tcp.Transcript;

class CaptureReaderTest {
    private static final String EXPECTED = "10.0.0.1:40000>10.0.0.2:8080 >ask <answer fin< fin> end";
    private static final List<byte[]> PACKETS = CaptureFiles.exchange("ask", "answer");

    @Test
    void pcapIsReadInBothByteOrdersAndBothUnits() throws Exception {
        for (var order : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
            for (boolean nanos : new boolean[] {false, true}) {
                var file = CaptureFiles.pcap(PACKETS, order, nanos, 101, 1_000);
                assertThat(Transcript.of(file)).containsExactly(EXPECTED);
                assertThat(Transcript.times(file).getFirst()).isEqualTo(1_002_000_000_000L + (nanos ? 5 : 5_000));
            }
        }
    }

    @Test
    void everyLinkLayerIsTakenOff() throws Exception {
        var links = new Object[][] {
            {1, "000000000000 000000000000 0800"},
            {1, "000000000000 000000000000 8100 0001 0800"},
            {1, "000000000000 000000000000 88a8 0001 8100 0002 0800"},
            {113, "0000 0304 0006 000000000000 0000 0800"},
            {276, "0800 0000 00000001 0304 00 06 0000000000000000"},
            {0, "02000000"},
            {108, "00000002"},
            {228, ""},
            {1, "000000000000 000000000000 8100 0001 9100 0002 88a8 0003 8100 0004 8100 0005 0800"},
            {1, "000000000000 000000000000 0028 aaaa03 000000 0800"},
            {1, "000000000000 000000000000 8847 00010040 00011140"},
            {1, "000000000000 000000000000 8847 00011140 00000000 000000000000 000000000000 0800"},
            {1, "000000000000 000000000000 8864 1100 0007 0042 0021"},
            {9, "ff03 0021"},
            {9, "21"},
            {50, "ff03 0021"},
            {51, "1100 0007 0042 0021"},
            {104, "0f00 0800"},
            {204, "00 ff03 0021"},
            {166, "0003 0021"},
            {105, "0802 0000 ffffffffffff ffffffffffff ffffffffffff 0000 aaaa03 000000 0800"},
            {105, "8802 0000 ffffffffffff ffffffffffff ffffffffffff 0000 0000 aaaa03 000000 0800"},
            {127, "0000 0800 00000000 0802 0000 ffffffffffff ffffffffffff ffffffffffff 0000 aaaa03 000000 0800"},
            {
                127,
                "0000 0900 02000000 20 8802 0000 ffffffffffff ffffffffffff ffffffffffff 0000 0000 0000 aaaa03 000000 0800"
            },
            {192, "0000 0800 01000000 000000000000 000000000000 0800"},
            {239, "0200 0000 0500 0a00 41000000 ffff 0900"},
            {258, "6c000000 01000000 65000000" + "00".repeat(96)},
            {149, "6c000000 01000000 01000000" + "00".repeat(96) + "000000000000 000000000000 0800"},
            {117, "3d02" + "00".repeat(62)},
            {109, "00".repeat(12)}
        };
        for (var link : links) {
            var packets = CaptureFiles.behind((String) link[1], PACKETS);
            var file = CaptureFiles.pcap(packets, ByteOrder.LITTLE_ENDIAN, false, (Integer) link[0], 1_000);
            assertThat(Transcript.of(file)).as("%s %s", link).containsExactly(EXPECTED);
        }
    }

    @Test
    void anUnknownLinkTypeIsSaid() throws Exception {
        var file = CaptureFiles.pcap(PACKETS, ByteOrder.LITTLE_ENDIAN, false, 147, 1_000);
        assertThat(read(file).others()).containsExactly(new PacketKind("link-type-147", "link type 147", 6, true));
    }

    @Test
    void ipv6IsReadAlsoBehindExtensionHeaders() throws Exception {
        var packet = TcpPacket.of(
                CaptureFiles.CLIENT6, CaptureFiles.SERVER6, TcpSegment.ACK, 5, 6, CaptureFiles.latin1("six"));
        var options = ByteBuffer.allocate(packet.length + 8)
                .put(packet, 0, 40)
                .put(new byte[] {6, 0, 1, 4, 0, 0, 0, 0})
                .put(packet, 40, packet.length - 40)
                .putShort(4, (short) (packet.length - 40 + 8))
                .put(6, (byte) 0)
                .array();
        var ask = "[fd00::1]:40000>[fd00::2]:8080 >six end";
        assertThat(Transcript.of(CaptureFiles.pcap(List.of(packet)))).containsExactly(ask);
        assertThat(Transcript.of(CaptureFiles.pcap(List.of(options)))).containsExactly(ask);
    }

    @Test
    void fragmentsAreJoinedInAnyOrder() throws Exception {
        var packet =
                CaptureFiles.toServer(TcpSegment.ACK, 5, 6, "a datagram in three fragments, of which one is short");
        var fragments = List.of(
                fragment(packet, 0, 32, true),
                fragment(packet, 32, 64, true),
                fragment(packet, 64, packet.length - 20, false));
        for (var order : List.of(fragments, fragments.reversed())) {
            assertThat(Transcript.of(CaptureFiles.pcap(order)).getFirst())
                    .contains(">a datagram in three fragments, of which one is short");
        }
    }

    private static byte[] fragment(byte[] packet, int from, int to, boolean more) {
        var fragment = ByteBuffer.allocate(20 + to - from).put(packet, 0, 20).put(packet, 20 + from, to - from);
        fragment.putShort(2, (short) fragment.capacity()).putShort(6, (short) (from / 8 | (more ? 0x2000 : 0)));
        return fragment.array();
    }

    @Test
    void whatTheWriterWritesIsReadBack() throws Exception {
        var out = new ByteArrayOutputStream();
        CaptureWriter.write(out, CaptureWriterTest.exchange());
        assertThat(Transcript.of(out.toByteArray()).getFirst())
                .startsWith("127.0.0.1:40000>127.0.0.1:8080 >GET /wrong")
                .contains("<HTTP/1.1 200 OK")
                .endsWith(" fin> end");
        assertThat(Transcript.times(out.toByteArray()).getFirst() % 1_000_000_000L)
                .isEqualTo(124_456_789);
    }

    @Test
    void gzipIsSimplyRead() throws Exception {
        var zipped = gzip(CaptureFiles.pcap(PACKETS));
        assertThat(Transcript.of(zipped)).containsExactly(EXPECTED);
        assertThat(read(Arrays.copyOf(zipped, zipped.length - 30)).stopped())
                .hasValue("the gzip stream is truncated or damaged; everything before that point was read");
    }

    @Test
    void aFileThatIsNoneSaysWhatItIs() {
        assertForeign("", "it is empty");
        assertForeign("abc", "it has no more than 3 bytes");
        assertForeign("\0".repeat(257) + "ustar\000000", "a tar archive, as kubectl cp makes; unpack it first");
        assertForeign("PK\003\004....", "a zip archive");
        assertForeign("(\u00b5/\u00fd....", "compressed with zstd");
        assertForeign("{\"log\": {}}", "a HAR file does not contain the raw bytes");
        assertForeign("20:00:00 IP a > b", "it is text; save packets with tcpdump -w FILE");
        assertForeign("\1\2\3\4\5", "it is neither pcap nor pcapng");
    }

    @Test
    void aGzippedFileThatIsNoCaptureSaysWhatItIs() {
        assertThatThrownBy(() -> read(gzip(gzip(CaptureFiles.pcap(PACKETS)))))
                .hasMessage("cannot read test: it is gzip'd twice; run gunzip first");
        assertThatThrownBy(() -> read(gzip(new byte[0]))).hasMessage("cannot read test: it is empty");
    }

    private static void assertForeign(String content, String sentence) {
        assertThatThrownBy(() -> read(CaptureFiles.latin1(content)))
                .isInstanceOf(CaptureException.class)
                .hasMessageStartingWith("cannot read test: ")
                .hasMessageContaining(sentence);
    }

    @Test
    void aFileThatIsNotThereIsSaid() {
        assertThatThrownBy(() -> new CaptureReader("x.pcap")
                        .read(Path.of("/nowhere/x.pcap"), new StreamAssembler(new Transcript())))
                .hasMessage("cannot read x.pcap: there is no such file");
    }

    @Test
    void progressIsToldEverySixteenMegabytes() throws Exception {
        var packets =
                java.util.Collections.nCopies(700, CaptureFiles.toServer(TcpSegment.ACK, 1, 1, "x".repeat(60_000)));
        var told = new java.util.ArrayList<Long>();
        var file = CaptureFiles.pcap(packets);
        new CaptureReader("test", told::add, () -> {})
                .read(new ByteArrayInputStream(file), new StreamAssembler(new Transcript()));
        assertThat(told).hasSize(2).allSatisfy(bytes -> assertThat(bytes).isBetween(1L << 24, (long) file.length));
    }

    @Test
    void aLyingLengthStopsTheReadingAndIsSaid() throws Exception {
        var pcap = CaptureFiles.pcap(PACKETS);
        ByteBuffer.wrap(pcap).order(ByteOrder.LITTLE_ENDIAN).putInt(24 + 8, -2);
        assertThat(read(pcap).stopped())
                .hasValue("packet 1 (at byte 24) claims 4294967294 bytes, more than any packet can have: the rest"
                        + " is not read");
        var pcapng = written();
        int second = ByteBuffer.wrap(pcapng).order(ByteOrder.LITTLE_ENDIAN).getInt(4);
        ByteBuffer.wrap(pcapng).order(ByteOrder.LITTLE_ENDIAN).putInt(second + 4, -4);
        assertThat(read(pcapng).stopped().orElse("")).startsWith("a block claims a length of 4294967292, more than");
    }

    @Test
    void everyTruncationIsSaidAndWhatCameIsRead() throws Exception {
        for (var file : List.of(CaptureFiles.pcap(PACKETS), written())) {
            for (int length = 4; length < file.length; length++) {
                var summary = read(Arrays.copyOf(file, length));
                if (summary.stopped().isPresent()) {
                    assertThat(summary.stopped().get()).startsWith("the file ends within");
                }
            }
        }
    }

    @Test
    void noMutationMakesTheReaderFail() throws Exception {
        var random = new Random(8);
        for (var file : List.of(CaptureFiles.pcap(PACKETS), written())) {
            for (int i = 0; i < 3_000; i++) {
                var mutated = file.clone();
                for (int edits = 1 + random.nextInt(6); edits > 0; edits--) {
                    mutated[4 + random.nextInt(mutated.length - 4)] = (byte) random.nextInt();
                }
                assertThat(read(mutated).packets()).isLessThanOrEqualTo(100);
            }
        }
    }

    @Test
    void capturesAppendedToOneAnotherAreAllRead() throws Exception {
        var second = CaptureFiles.pcap(
                List.of(CaptureFiles.toServer(TcpSegment.ACK, 9_000_000, 6, "more")),
                ByteOrder.BIG_ENDIAN,
                true,
                101,
                99);
        var expected = List.of(EXPECTED, "127.0.0.1:40000>127.0.0.1:8080");
        for (var first :
                List.of(CaptureFiles.pcap(PACKETS), CaptureFiles.pcap(PACKETS, ByteOrder.BIG_ENDIAN, true, 101, 999))) {
            var summary = read(joined(first, second, written(), first));
            assertThat(summary.stopped()).isEmpty();
            assertThat(summary.packets()).isGreaterThan(2 * PACKETS.size() + 1);
            assertThat(read(joined(gzip(first), gzip(second))).packets()).isEqualTo(PACKETS.size() + 1);
            assertThat(Transcript.of(joined(first, written()))).first().isEqualTo(expected.getFirst());
            assertThat(Transcript.of(joined(first, written())).getLast()).startsWith(expected.getLast());
        }
    }

    @Test
    void aPacketIsDeliveredBeforeTheNextIsWaitedFor() throws Exception {
        for (var file : List.of(CaptureFiles.pcap(PACKETS), written())) {
            var transcript = new Transcript();
            var before = new java.util.ArrayList<String>();
            int last = file.length - 20;
            var slow =
                    new java.io.SequenceInputStream(new ByteArrayInputStream(file, 0, last), new java.io.InputStream() {
                        private boolean over;

                        @Override
                        public int read() {
                            before.add(String.join(" ", transcript.streams));
                            over = true;
                            return -1;
                        }

                        @Override
                        public int read(byte[] bytes, int offset, int length) {
                            return over ? -1 : read();
                        }
                    });
            new CaptureReader("test").read(slow, new StreamAssembler(transcript));
            assertThat(before).first().asString().contains(" <").doesNotContain(" end");
        }
    }

    private static byte[] joined(byte[]... files) {
        var all = new ByteArrayOutputStream();
        for (var file : files) {
            all.writeBytes(file);
        }
        return all.toByteArray();
    }

    private static byte[] written() throws IOException {
        var out = new ByteArrayOutputStream();
        CaptureWriter.write(out, CaptureWriterTest.exchange());
        return out.toByteArray();
    }

    private static byte[] gzip(byte[] content) throws IOException {
        var out = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(out)) {
            gzip.write(content);
        }
        return out.toByteArray();
    }

    private static CaptureSummary read(byte[] file) throws IOException {
        return new CaptureReader("test").read(new ByteArrayInputStream(file), new StreamAssembler(new Transcript()));
    }
}
