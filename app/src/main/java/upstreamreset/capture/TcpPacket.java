// SPDX-License-Identifier: Apache-2.0
package upstreamreset.capture;

import static upstreamreset.tcp.TcpSegment.SYN;

import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;

/** Makes one IPv4 or IPv6 packet with a TCP segment in it, checksums right (RFC 791 §3.1, RFC 8200 §8.1, RFC 9293 §3.1). */
public final class TcpPacket {
    /** The payload that fits an Ethernet frame of 1,500 bytes after the longer of the two IP headers. */
    static final int MSS = 1440;

    private static final int TCP = 6;
    private static final int HOP_LIMIT = 64;
    private static final int WINDOW = 65_535;

    private TcpPacket() {}

    public static byte[] of(
            InetSocketAddress from, InetSocketAddress to, int flags, int sequence, int acknowledged, byte[] data) {
        int header = (flags & SYN) != 0 ? 24 : 20;
        var segment = ByteBuffer.allocate(header + data.length);
        segment.putShort((short) from.getPort()).putShort((short) to.getPort());
        segment.putInt(sequence).putInt(acknowledged);
        segment.put((byte) ((header / 4) << 4)).put((byte) flags).putShort((short) WINDOW);
        segment.putInt(0);
        if (header > 20) {
            segment.put((byte) 2).put((byte) 4).putShort((short) MSS);
        }
        segment.put(data);
        byte[] source = from.getAddress().getAddress();
        byte[] target = to.getAddress().getAddress();
        var pseudo = ByteBuffer.allocate(source.length + target.length + 8)
                .put(source)
                .put(target)
                .putInt(segment.capacity())
                .putInt(TCP);
        segment.putShort(16, checksum(List.of(pseudo, segment)));
        return ip(from, source, target, segment.array());
    }

    private static byte[] ip(InetSocketAddress from, byte[] source, byte[] target, byte[] segment) {
        boolean v4 = from.getAddress() instanceof Inet4Address;
        var packet = ByteBuffer.allocate((v4 ? 20 : 40) + segment.length);
        if (v4) {
            packet.putShort((short) 0x4500).putShort((short) packet.capacity());
            packet.putShort((short) 0).putShort((short) 0x4000); // never a fragment
            packet.put((byte) HOP_LIMIT)
                    .put((byte) TCP)
                    .putShort((short) 0)
                    .put(source)
                    .put(target);
            packet.putShort(10, checksum(List.of(packet)));
        } else {
            packet.putInt(0x6000_0000).putShort((short) segment.length);
            packet.put((byte) TCP).put((byte) HOP_LIMIT).put(source).put(target);
        }
        return packet.put(segment).array();
    }

    /** RFC 1071: the ones' complement of the ones' complement sum. Every part but the last has an even length. */
    private static short checksum(List<ByteBuffer> parts) {
        long sum = 0;
        for (var part : parts) {
            int i = 0;
            for (; i + 1 < part.capacity(); i += 2) {
                sum += part.getShort(i) & 0xFFFF;
            }
            if (i < part.capacity()) {
                sum += (part.get(i) & 0xFF) << 8;
            }
        }
        while (sum > 0xFFFF) {
            sum = (sum & 0xFFFF) + (sum >>> 16);
        }
        return (short) ~sum;
    }
}
