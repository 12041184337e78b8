// SPDX-License-Identifier: Apache-2.0
package upstreamreset.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import upstreamreset.tcp.StreamAssembler;
import upstreamreset.tcp.TcpSegment;
import upstreamreset.tcp.Transcript;

class LayersTest {
    private static final String EXPECTED = "10.0.0.1:40000>10.0.0.2:8080 >ask <answer fin< fin> end";
    private static final List<byte[]> PACKETS = CaptureFiles.exchange("ask", "answer");

    @Test
    void randomNestsOfLayersAreTakenOff() throws Exception {
        for (int seed = 0; seed < 3_000; seed++) {
            var nest = PacketNest.random(new Random(seed));
            assertThat(Transcript.of(nest.file(PACKETS)))
                    .as("%d: %s", seed, nest)
                    .containsExactly(EXPECTED);
        }
    }

    @Test
    void aNestThatIsCutAnywhereIsNoReadingThatIsClean() throws Exception {
        for (int seed = 0; seed < 100; seed++) {
            var nest = PacketNest.random(new Random(seed));
            var packets = nest.wrapped(PACKETS);
            for (int snap = 0; snap < packets.getFirst().length; snap++) {
                var file = CaptureFiles.pcap(packets, ByteOrder.LITTLE_ENDIAN, false, nest.linkType(), snap);
                var summary = summary(file);
                long others =
                        summary.others().stream().mapToLong(PacketKind::packets).sum();
                assertThat(summary.segments() + others).as("%s %d", nest, snap).isEqualTo(PACKETS.size());
                assertThat(summary.others()).as("%s %d", nest, snap).allMatch(PacketKind::mayHideHttp);
            }
        }
    }

    @Test
    void theSameAddressesInTwoNetworksAreTwoConnections() throws Exception {
        var other = CaptureFiles.exchange("ASK", "ANSWER");
        for (var prefix : List.of(
                "000000000000 000000000000 8100 %04x 0800", "000000000000 000000000000 8864 1100 %04x 0042 0021")) {
            var first = CaptureFiles.behind(prefix.formatted(1), PACKETS);
            var second = CaptureFiles.behind(prefix.formatted(2), other);
            var both = IntStream.range(0, first.size())
                    .boxed()
                    .flatMap(i -> Stream.of(first.get(i), second.get(i)))
                    .toList();
            assertThat(Transcript.of(CaptureFiles.pcap(both, ByteOrder.LITTLE_ENDIAN, false, 1, 9_999)))
                    .containsExactly(EXPECTED, EXPECTED.replace("ask", "ASK").replace("answer", "ANSWER"));
        }
    }

    @Test
    void aConnectionWithANetworkForEachDirectionIsOne() throws Exception {
        var packets = new ArrayList<byte[]>();
        for (var packet : PACKETS) {
            var network = packet[15] == 1 ? "0001" : "0002"; // by the sender's address
            packets.addAll(
                    CaptureFiles.behind("000000000000 000000000000 8100 %s 0800".formatted(network), List.of(packet)));
        }
        assertThat(Transcript.of(CaptureFiles.pcap(packets, ByteOrder.LITTLE_ENDIAN, false, 1, 9_999)))
                .containsExactly(EXPECTED);
    }

    @Test
    void aPacketSeenInATunnelAndOutsideAtOnceIsOne() throws Exception {
        for (int first = 0; first < 2; first++) {
            for (int from = 0; from < 3; from++) {
                var transcript = new Transcript();
                var assembler = new StreamAssembler(transcript);
                var decoder = new PacketDecoder(assembler);
                long nanos = 1_000_000_000L;
                for (var packet : PACKETS.subList(from, PACKETS.size())) {
                    var bare = CaptureFiles.behind("000000000000 000000000000 0800", List.of(packet));
                    var tagged = CaptureFiles.behind("000000000000 000000000000 8100 0009 0800", List.of(packet));
                    for (int copy = 0; copy < 2; copy++) {
                        var bytes = (copy == first ? bare : tagged).getFirst();
                        decoder.packet(nanos += 20_000, 1, bytes, 0, bytes.length, bytes.length);
                    }
                    nanos += 50_000_000;
                }
                assembler.end();
                assertThat(transcript.streams).singleElement().hasToString(EXPECTED);
            }
        }
    }

    @Test
    void noBytesMakeTheDecoderFail() throws Exception {
        var random = new Random(17);
        var decoder = new PacketDecoder(new StreamAssembler(new Transcript()));
        int packets = 0;
        for (int linkType = 0; linkType < 300; linkType++) {
            for (int i = 0; i < 300; i++) {
                var bytes = new byte[random.nextInt(120)];
                random.nextBytes(bytes);
                decoder.packet(packets++, linkType, bytes, 0, bytes.length, bytes.length + random.nextInt(2));
            }
        }
        for (int seed = 0; seed < 20_000; seed++) {
            var nest = PacketNest.random(new Random(seed));
            var bytes = nest.wrapped(PACKETS.subList(2, 3)).getFirst();
            for (int edits = random.nextInt(4); edits >= 0; edits--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            decoder.packet(packets++, nest.linkType(), bytes, 0, 1 + random.nextInt(bytes.length), bytes.length);
        }
        assertThat(decoder.summary(java.util.Optional.empty()).packets()).isEqualTo(packets);
    }

    @Test
    void fragmentsCountAsRead() throws Exception {
        var packet = CaptureFiles.toServer(TcpSegment.ACK, 5, 6, "x".repeat(100));
        var fragments = new ArrayList<byte[]>();
        for (int from = 20; from < packet.length; from += 48) {
            int to = Math.min(from + 48, packet.length);
            fragments.add(PacketNest.fragment(packet, from, to, to < packet.length));
        }
        assertThat(summary(CaptureFiles.pcap(fragments)).segments()).isEqualTo(fragments.size());
        assertThat(summary(CaptureFiles.pcap(fragments)).others()).isEmpty();
        var twice = fragments.stream().flatMap(each -> Stream.of(each, each)).toList();
        assertThat(summary(CaptureFiles.pcap(twice)).others()).isEmpty();
        assertThat(summary(CaptureFiles.pcap(fragments.subList(0, 1))).others())
                .containsExactly(new PacketKind("fragments", "incomplete IP fragments", 1, true));
    }

    @Test
    void whatGaveNoSegmentIsNamedAndSaysWhetherHttpMayHideInIt() throws Exception {
        var quoted = CaptureFiles.toServer(TcpSegment.SYN, 1, 0, "");
        assertThat(kinds(ip(1, "03010000 00000000", quoted))).containsExactly("icmp ICMP false");
        assertThat(kinds(ip(50, "00000001 00000001"))).containsExactly("esp ESP (IPsec, encrypted) true");
        assertThat(kinds(ip(99, ""))).containsExactly("ip-protocol-99 IP protocol 99 true");
        assertThat(kinds(ip(47, "0000 1234"))).containsExactly("ethertype-0x1234 EtherType 0x1234 true");
        assertThat(kinds(ip(17, "1000 0035 0010 0000 0000000000000000"))).containsExactly("udp UDP false");
        assertThat(kinds(ip(17, "1000 12b5 0010 0000 00000000 00000000"))).containsExactly("udp UDP false");
        assertThat(kinds(ip(17, "ca6c ca6c 0018 0000 04000000 00000000")))
                .containsExactly("wireguard WireGuard (encrypted) true");
        assertThat(kinds(ip(17, "1000 1194 0018 0000 00000007 00000000")))
                .containsExactly("esp ESP (IPsec, encrypted) true");
        assertThat(kinds(ip(17, "1000 1194 0018 0000 00000000 00000000"))).containsExactly("udp UDP false");
    }

    @Test
    void protectedFramesOfAWlanAreNamed() throws Exception {
        var data = CaptureFiles.behind("0842 0000 ffffffffffff ffffffffffff ffffffffffff 0000", PACKETS.subList(0, 1));
        var beacon =
                CaptureFiles.behind("8000 0000 ffffffffffff ffffffffffff ffffffffffff 0000", PACKETS.subList(0, 1));
        var both = List.of(data.getFirst(), beacon.getFirst());
        assertThat(summary(CaptureFiles.pcap(both, ByteOrder.LITTLE_ENDIAN, false, 105, 999))
                        .others())
                .extracting(PacketKind::id)
                .containsExactly("wlan-protected", "wlan-control");
    }

    private static byte[] ip(int protocol, String hex, byte... more) {
        var payload = CaptureFiles.behind(hex, List.of(more)).getFirst();
        return java.nio.ByteBuffer.allocate(20 + payload.length)
                .putShort((short) 0x4500)
                .putShort((short) (20 + payload.length))
                .putInt(0)
                .put((byte) 64)
                .put((byte) protocol)
                .position(20)
                .put(payload)
                .array();
    }

    private static List<String> kinds(byte[] packet) throws Exception {
        return summary(CaptureFiles.pcap(List.of(packet))).others().stream()
                .map(kind -> kind.id() + " " + kind.words() + " " + kind.mayHideHttp())
                .toList();
    }

    private static CaptureSummary summary(byte[] file) throws Exception {
        return new CaptureReader("test").read(new ByteArrayInputStream(file), new StreamAssembler(new Transcript()));
    }
}
