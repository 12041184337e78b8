// SPDX-License-Identifier: Apache-2.0
package upstreamreset.capture;

import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import upstreamreset.tcp.TcpSegment;

/** Makes packets and capture files of every kind for tests. */
public final class CaptureFiles {
    public static final InetSocketAddress CLIENT = new InetSocketAddress(InetAddress.ofLiteral("10.0.0.1"), 40_000);
    public static final InetSocketAddress SERVER = new InetSocketAddress(InetAddress.ofLiteral("10.0.0.2"), 8080);
    static final InetSocketAddress CLIENT6 = new InetSocketAddress(InetAddress.ofLiteral("fd00::1"), 40_000);
    static final InetSocketAddress SERVER6 = new InetSocketAddress(InetAddress.ofLiteral("fd00::2"), 8080);

    private CaptureFiles() {}

    public static byte[] toServer(int flags, int sequence, int acknowledged, String data) {
        return TcpPacket.of(CLIENT, SERVER, flags, sequence, acknowledged, latin1(data));
    }

    public static byte[] toClient(int flags, int sequence, int acknowledged, String data) {
        return TcpPacket.of(SERVER, CLIENT, flags, sequence, acknowledged, latin1(data));
    }

    public static byte[] latin1(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    public static byte[] pcap(List<byte[]> packets) {
        return pcap(packets, ByteOrder.LITTLE_ENDIAN, false, 101, Integer.MAX_VALUE);
    }

    /** One packet a second. */
    public static byte[] pcap(List<byte[]> packets, ByteOrder order, boolean nanos, int linkType, int snapLength) {
        var out = new ByteArrayOutputStream();
        var header = ByteBuffer.allocate(24).order(order);
        header.putInt(nanos ? PcapFile.NANOSECONDS : PcapFile.MICROSECONDS)
                .putShort((short) 2)
                .putShort((short) 4);
        out.writeBytes(header.putLong(0).putInt(262_144).putInt(linkType).array());
        int second = 1_000;
        for (var packet : packets) {
            int captured = Math.min(packet.length, snapLength);
            var block = ByteBuffer.allocate(16 + captured).order(order);
            block.putInt(second++)
                    .putInt(5)
                    .putInt(captured)
                    .putInt(packet.length)
                    .put(packet, 0, captured);
            out.writeBytes(block.array());
        }
        return out.toByteArray();
    }

    /** {@code prefix} before each packet. */
    public static List<byte[]> behind(String prefixHex, List<byte[]> packets) {
        var prefix = java.util.HexFormat.of().parseHex(prefixHex.replace(" ", ""));
        return packets.stream()
                .map(packet -> ByteBuffer.allocate(prefix.length + packet.length)
                        .put(prefix)
                        .put(packet)
                        .array())
                .toList();
    }

    /** An exchange of one request and one response, closed by the server. */
    public static List<byte[]> exchange(String request, String response) {
        int afterRequest = 101 + request.length();
        int afterResponse = 201 + response.length();
        return List.of(
                toServer(TcpSegment.SYN, 100, 0, ""),
                toClient(TcpSegment.SYN | TcpSegment.ACK, 200, 101, ""),
                toServer(TcpSegment.ACK, 101, 201, request),
                toClient(TcpSegment.ACK, 201, afterRequest, response),
                toClient(TcpSegment.FIN | TcpSegment.ACK, afterResponse, afterRequest, ""),
                toServer(TcpSegment.FIN | TcpSegment.ACK, afterRequest, afterResponse + 1, ""));
    }
}
