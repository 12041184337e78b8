// SPDX-License-Identifier: Apache-2.0
package upstreamreset.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import upstreamreset.tcp.TcpSegment;
import upstreamreset.tcp.Transcript;

class PacketDecoderTest {
    private static final byte[] PACKET = CaptureFiles.toServer(TcpSegment.ACK, 5, 6, "a datagram in two fragments");
    private static final byte[] SIX = TcpPacket.of(
            CaptureFiles.CLIENT6, CaptureFiles.SERVER6, TcpSegment.ACK, 5, 6, CaptureFiles.latin1("a segment of 16b"));
    private static final String SIX_EXPECTED = "[fd00::1]:40000>[fd00::2]:8080 >a segment of 16b end";

    @Test
    void aLengthOfZeroIsThatOfTheWire() throws Exception {
        // The sender's network card cuts the segment up after it was captured.
        var packet = PACKET.clone();
        packet[2] = 0;
        packet[3] = 0;
        assertThat(carried(List.of(packet)).getFirst()).endsWith(" >a datagram in two fragments end");
    }

    @Test
    void anAuthenticationHeaderIsCountedInFours() throws Exception {
        var header = new byte[24];
        header[0] = 6;
        header[1] = 4;
        assertThat(carried(List.of(six(51, header, 0, SIX.length - 40)))).containsExactly(SIX_EXPECTED);
    }

    @Test
    void fragmentsOfIpv6AreJoined() throws Exception {
        byte[] first = {6, 0, 0, 1, 0, 0, 0, 9};
        byte[] last = {6, 0, 0, 24, 0, 0, 0, 9};
        var fragments = List.of(six(44, first, 0, 24), six(44, last, 24, SIX.length - 40));
        assertThat(carried(fragments)).containsExactly(SIX_EXPECTED);
        assertThat(carried(fragments.reversed())).containsExactly(SIX_EXPECTED);
    }

    @Test
    void only64DatagramsAreWaitedFor() throws Exception {
        for (int others : new int[] {63, 64}) {
            var packets = new ArrayList<byte[]>();
            for (int id = 0; id <= others; id++) {
                packets.add(fragment(id, 0, 24, true));
            }
            packets.add(fragment(0, 24, PACKET.length - 20, false));
            assertThat(carried(packets)).hasSize(others == 63 ? 1 : 0);
        }
    }

    private static List<String> carried(List<byte[]> packets) throws Exception {
        return Transcript.of(CaptureFiles.pcap(packets));
    }

    private static byte[] fragment(int id, int from, int to, boolean more) {
        var fragment = ByteBuffer.allocate(20 + to - from).put(PACKET, 0, 20).put(PACKET, 20 + from, to - from);
        fragment.putShort(2, (short) fragment.capacity()).putShort(4, (short) id);
        return fragment.putShort(6, (short) (from / 8 | (more ? 0x2000 : 0))).array();
    }

    /** A part of the segment behind an extension header. */
    private static byte[] six(int next, byte[] header, int from, int to) {
        return ByteBuffer.allocate(40 + header.length + to - from)
                .put(SIX, 0, 40)
                .put(header)
                .put(SIX, 40 + from, to - from)
                .putShort(4, (short) (header.length + to - from))
                .put(6, (byte) next)
                .array();
    }
}
