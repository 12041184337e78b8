// SPDX-License-Identifier: Apache-2.0
package upstreamreset.capture;

import java.util.Optional;
import upstreamreset.tcp.StreamAssembler;
import upstreamreset.tcp.TcpSegment;

/**
 * Removes the layers of each packet, in any order, and passes its TCP segment on; counts packets without one by kind.
 * It trusts lengths only up to the bytes present.
 */
final class PacketDecoder {
    /** IP in IP in IP: deeper than any network, and no depth for the stack. */
    static final int MAX_DEPTH = 16;

    private static final int MIN_TCP_HEADER = 20;
    private static final int MAX_WIRE = 1 << 24;

    final Ethernet ethernet = new Ethernet(this);
    final IpLayer ip;
    final PointToPoint ppp = new PointToPoint(this);
    final Gre gre = new Gre(this);
    final UdpTunnels udp = new UdpTunnels(this);
    final Wlan wlan = new Wlan(this);
    final TcpSegment segment = new TcpSegment();

    private final LinkLayer links = new LinkLayer(this);
    private final StreamAssembler assembler;
    private final NotTcpCounts others = new NotTcpCounts();
    private final Fragments fragments = new Fragments(others);
    private long frames;
    private long packets;
    private long segments;
    private long cut;
    private int depth;

    /** Whether the current packet is in one of the counts. */
    private boolean counted;

    private boolean cutPacket;

    /** How many packets the current one completed. */
    private long joinedBefore;

    PacketDecoder(StreamAssembler assembler) {
        this.assembler = assembler;
        ip = new IpLayer(this, fragments);
    }

    CaptureSummary summary(Optional<String> stopped) {
        segments += fragments.end();
        return new CaptureSummary(
                packets, segments, assembler.connections(), assembler.givenUp(), cut, others.kinds(), stopped);
    }

    long packets() {
        return packets;
    }

    /** Another capture begins in the same file. */
    void nextCapture() {
        assembler.nextCapture();
    }

    /** A record of the file that Wireshark numbers as a frame, and that holds no packet. */
    void frameWithoutPacket() {
        frames++;
        packets++;
        others.add(NotTcp.FRAME_WITHOUT_PACKET, 1L);
    }

    /**
     * Takes the next packet of the file.
     *
     * @param nanos since the epoch
     * @param linkType how the packet begins: a LINKTYPE_ number
     * @param captured how many bytes of it are there, from {@code offset}
     * @param original how long it claims that it was on the wire
     */
    void packet(long nanos, int linkType, byte[] bytes, int offset, int captured, long original) {
        packets++;
        segment.nanos = nanos;
        segment.frame = ++frames;
        segment.tag = 0;
        depth = 0;
        counted = false;
        joinedBefore = 0;
        cutPacket = original > captured;
        int wireEnd = offset + (int) Math.clamp(original, (long) captured, MAX_WIRE);
        links.packet(linkType, bytes, offset, offset + captured, wireEnd);
        if (!counted) {
            count(NotTcp.DAMAGED);
        }
    }

    /** The current packet gives no segment. */
    void count(NotTcp kind) {
        if (!counted) {
            counted = true;
            others.add(kind, 1 + joinedBefore);
        }
    }

    /** The same; {@code number} tells the kind where its name has one. */
    void count(NotTcp kind, int number) {
        if (!kind.numbered()) {
            count(kind);
        } else if (!counted) {
            counted = true;
            others.addNumbered(kind, number);
            segments += joinedBefore; // those before it were read
        }
    }

    /** A header is not all there: the capture cut it, or its packet never had it. */
    void tooShort() {
        count(cutPacket ? NotTcp.CUT : NotTcp.DAMAGED);
    }

    /** The current packet is a fragment; its datagram counts. */
    void fragment() {
        counted = true;
    }

    /** The current packet completed a datagram of {@code parts} packets. */
    void joined(long parts) {
        counted = false;
        joinedBefore = parts - 1;
    }

    /** One layer more that may hold all others; false if there are too many. */
    boolean deeper() {
        if (++depth > MAX_DEPTH) {
            count(NotTcp.TOO_DEEP);
            return false;
        }
        return true;
    }

    /** The current packet was seen in a network that has this number: part of its connection's identity. */
    void in(int network) {
        segment.tag = (segment.tag ^ network) * 0x9E3779B97F4A7C15L;
    }

    /** The addresses are in the segment already. */
    void tcp(byte[] bytes, int at, int end, int wireEnd) {
        int length = wireEnd - at;
        if (end - at < MIN_TCP_HEADER) {
            tooShort();
            return;
        }
        int header = (bytes[at + 12] >>> 4 & 0xF) * 4;
        if (header < MIN_TCP_HEADER || header > length) {
            count(NotTcp.DAMAGED);
            return;
        }
        if (!counted) {
            counted = true;
            segments += 1 + joinedBefore;
        }
        segment.sent(ByteOrderReader.be16(bytes, at), ByteOrderReader.be16(bytes, at + 2));
        segment.flags = bytes[at + 13];
        segment.sequence = ByteOrderReader.be32(bytes, at + 4);
        segment.acknowledged = ByteOrderReader.be32(bytes, at + 8);
        segment.bytes = bytes;
        segment.from = at + header;
        segment.have = Math.max(0, end - at - header);
        segment.length = length - header;
        if (segment.have < segment.length) {
            cut++;
        }
        assembler.take(segment);
    }
}
