// SPDX-License-Identifier: Apache-2.0
package upstreamreset.capture;

import java.util.Optional;
import upstreamreset.tcp.StreamAssembler;
import upstreamreset.tcp.TcpSegment;

/**
 * Takes link layer and IP off each packet and hands its TCP segment on. Lengths are believed only as far as the bytes
 * that are there.
 */
final class PacketDecoder {
    private static final int TCP = 6;

    private final StreamAssembler assembler;
    private final TcpSegment segment = new TcpSegment();
    private final Fragments fragments = new Fragments();
    private long packets;
    private long segments;
    private int unknownLink = LinkLayer.UNKNOWN;

    PacketDecoder(StreamAssembler assembler) {
        this.assembler = assembler;
    }

    CaptureSummary summary(Optional<String> stopped) {
        return new CaptureSummary(
                packets,
                segments,
                assembler.connections(),
                assembler.givenUp(),
                unknownLink == LinkLayer.UNKNOWN ? Optional.empty() : Optional.of(unknownLink),
                stopped);
    }

    long packets() {
        return packets;
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
        int end = offset + captured;
        int ip = LinkLayer.ipOffset(linkType, bytes, offset, end);
        if (ip == LinkLayer.UNKNOWN) {
            unknownLink = linkType;
        } else if (ip >= 0 && ip < end) {
            int wire = Math.clamp(original, captured, Integer.MAX_VALUE) - (ip - offset);
            switch (bytes[ip] >>> 4 & 0xF) {
                case 4 -> v4(bytes, ip, end, wire);
                case 6 -> v6(bytes, ip, end, wire);
                default -> {}
            }
        }
    }

    private void v4(byte[] bytes, int ip, int end, int wire) {
        if (ip + 20 > end) {
            return;
        }
        int header = (bytes[ip] & 0xF) * 4;
        int total = ByteOrderReader.be16(bytes, ip + 2);
        if (total == 0) {
            total = wire; // the sender's network card cut it up later (TSO)
        }
        int payload = total - header;
        if (header < 20 || payload < 0 || bytes[ip + 9] != TCP) {
            return;
        }
        segment.sourceHigh = 0;
        segment.sourceLow = ByteOrderReader.be32(bytes, ip + 12) & 0xFFFFFFFFL;
        segment.targetHigh = 0;
        segment.targetLow = ByteOrderReader.be32(bytes, ip + 16) & 0xFFFFFFFFL;
        int fragment = ByteOrderReader.be16(bytes, ip + 6);
        int have = Math.min(end - (ip + header), payload);
        if ((fragment & 0x3FFF) == 0) {
            tcp(bytes, ip + header, have, payload);
            return;
        }
        int id = ByteOrderReader.be16(bytes, ip + 4);
        fragment(id, bytes, ip + header, have, payload, (fragment & 0x1FFF) * 8, (fragment & 0x2000) != 0);
    }

    private void v6(byte[] bytes, int ip, int end, int wire) {
        if (ip + 40 > end) {
            return;
        }
        int total = ByteOrderReader.be16(bytes, ip + 4);
        int wireEnd = ip + (total == 0 ? wire : 40 + total);
        segment.sourceHigh = ByteOrderReader.be64(bytes, ip + 8);
        segment.sourceLow = ByteOrderReader.be64(bytes, ip + 16);
        segment.targetHigh = ByteOrderReader.be64(bytes, ip + 24);
        segment.targetLow = ByteOrderReader.be64(bytes, ip + 32);
        int next = bytes[ip + 6] & 0xFF;
        int at = ip + 40;
        for (int headers = 0; headers < 8 && next != TCP; headers++) {
            if (at + 8 > end) {
                return;
            }
            int following = bytes[at] & 0xFF;
            switch (next) {
                case 0, 43, 60 -> at += 8 + (bytes[at + 1] & 0xFF) * 8; // hop-by-hop, routing, destination options
                case 51 -> at += 8 + (bytes[at + 1] & 0xFF) * 4; // authentication: in units of 4, less 2
                case 44 -> {
                    int field = ByteOrderReader.be16(bytes, at + 2);
                    int id = ByteOrderReader.be32(bytes, at + 4);
                    int from = at + 8;
                    int have = Math.min(end, wireEnd) - from;
                    if (following == TCP) {
                        fragment(id, bytes, from, have, wireEnd - from, field & 0xFFF8, (field & 1) != 0);
                    }
                    return;
                }
                default -> {
                    return;
                }
            }
            next = following;
        }
        if (next == TCP && at <= end) {
            tcp(bytes, at, Math.min(end, wireEnd) - at, wireEnd - at);
        }
    }

    private void fragment(int id, byte[] bytes, int from, int have, int length, int offset, boolean more) {
        var key = new Fragments.Key(segment.sourceHigh, segment.sourceLow, segment.targetHigh, segment.targetLow, id);
        var whole = fragments.add(key, bytes, from, have, length, offset, more);
        if (whole != null) {
            tcp(whole, 0, whole.length, whole.length);
        }
    }

    /** The addresses are in the segment already. */
    private void tcp(byte[] bytes, int at, int have, int length) {
        if (have < 20) {
            return;
        }
        int header = (bytes[at + 12] >>> 4 & 0xF) * 4;
        if (header < 20 || header > length) {
            return;
        }
        segments++;
        segment.sent(ByteOrderReader.be16(bytes, at), ByteOrderReader.be16(bytes, at + 2));
        segment.flags = bytes[at + 13];
        segment.sequence = ByteOrderReader.be32(bytes, at + 4);
        segment.acknowledged = ByteOrderReader.be32(bytes, at + 8);
        segment.bytes = bytes;
        segment.from = at + header;
        segment.have = Math.max(0, have - header);
        segment.length = length - header;
        assembler.take(segment);
    }
}
