// SPDX-License-Identifier: Apache-2.0
package upstreamreset.capture;

import static upstreamreset.capture.ByteOrderReader.be16;
import static upstreamreset.capture.ByteOrderReader.be32;
import static upstreamreset.capture.ByteOrderReader.be64;

/** Removes IPv4 and IPv6, with extension headers and fragments, and continues with the protocol inside. */
final class IpLayer {
    static final int UDP = 17;
    private static final int TCP = 6;
    private static final int HOP_BY_HOP = 0;
    private static final int ROUTING = 43;
    private static final int FRAGMENT = 44;
    private static final int AUTHENTICATION = 51;
    private static final int OPTIONS = 60;
    private static final int MAX_EXTENSIONS = 16;

    private final PacketDecoder decoder;
    private final Fragments fragments;

    IpLayer(PacketDecoder decoder, Fragments fragments) {
        this.decoder = decoder;
        this.fragments = fragments;
    }

    /** The version is in its first byte. */
    void packet(byte[] bytes, int at, int end, int wireEnd) {
        if (at >= end) {
            decoder.tooShort();
            return;
        }
        switch (bytes[at] >>> 4 & 0xF) {
            case 4 -> v4(bytes, at, end, wireEnd);
            case 6 -> v6(bytes, at, end, wireEnd);
            default -> decoder.count(NotTcp.DAMAGED);
        }
    }

    private void v4(byte[] bytes, int ip, int end, int wireEnd) {
        if (ip + 20 > end) {
            decoder.tooShort();
            return;
        }
        int header = (bytes[ip] & 0xF) * 4;
        int total = be16(bytes, ip + 2);
        // Without a length the sender's network card cut the packet up later (TSO).
        int payloadEnd = total == 0 ? wireEnd : ip + total;
        int at = ip + header;
        if (header < 20 || payloadEnd < at) {
            decoder.count(NotTcp.DAMAGED);
            return;
        }
        int protocol = bytes[ip + 9] & 0xFF;
        var segment = decoder.segment;
        segment.sourceHigh = 0;
        segment.sourceLow = be32(bytes, ip + 12) & 0xFFFFFFFFL;
        segment.targetHigh = 0;
        segment.targetLow = be32(bytes, ip + 16) & 0xFFFFFFFFL;
        int fragment = be16(bytes, ip + 6);
        if ((fragment & 0x3FFF) != 0) {
            int id = be16(bytes, ip + 4);
            fragment(protocol, id, bytes, at, end, payloadEnd, (fragment & 0x1FFF) * 8, (fragment & 0x2000) != 0);
        } else if (protocol == TCP) {
            decoder.tcp(bytes, at, Math.min(end, payloadEnd), payloadEnd);
        } else {
            payload(protocol, bytes, at, Math.min(end, payloadEnd), payloadEnd);
        }
    }

    private void v6(byte[] bytes, int ip, int end, int wireEnd) {
        if (ip + 40 > end) {
            decoder.tooShort();
            return;
        }
        int total = be16(bytes, ip + 4);
        int payloadEnd = total == 0 ? Math.max(wireEnd, ip + 40) : ip + 40 + total;
        var segment = decoder.segment;
        segment.sourceHigh = be64(bytes, ip + 8);
        segment.sourceLow = be64(bytes, ip + 16);
        segment.targetHigh = be64(bytes, ip + 24);
        segment.targetLow = be64(bytes, ip + 32);
        payload(bytes[ip + 6] & 0xFF, bytes, ip + 40, Math.min(end, payloadEnd), payloadEnd);
    }

    /** From the first header behind the IP header on; the addresses are in the segment already. */
    private void payload(int first, byte[] bytes, int from, int end, int wireEnd) {
        int protocol = first;
        int at = from;
        for (int headers = 0; headers < MAX_EXTENSIONS; headers++) {
            switch (protocol) {
                case HOP_BY_HOP, ROUTING, OPTIONS, AUTHENTICATION -> {
                    if (at + 8 > end) {
                        decoder.tooShort();
                        return;
                    }
                    // An authentication header counts in units of 4, less 2.
                    int length = 8 + (bytes[at + 1] & 0xFF) * (protocol == AUTHENTICATION ? 4 : 8);
                    protocol = bytes[at] & 0xFF;
                    at += length;
                }
                case FRAGMENT -> {
                    if (at + 8 > end) {
                        decoder.tooShort();
                        return;
                    }
                    int field = be16(bytes, at + 2);
                    int following = bytes[at] & 0xFF;
                    if ((field & 0xFFF9) != 0) {
                        int id = be32(bytes, at + 4);
                        fragment(following, id, bytes, at + 8, end, wireEnd, field & 0xFFF8, (field & 1) != 0);
                        return;
                    }
                    protocol = following; // an atomic fragment (RFC 6946)
                    at += 8;
                }
                default -> {
                    transport(protocol, bytes, at, end, wireEnd);
                    return;
                }
            }
        }
        decoder.count(NotTcp.TOO_DEEP);
    }

    private void transport(int protocol, byte[] bytes, int at, int end, int wireEnd) {
        switch (protocol) {
            case TCP -> decoder.tcp(bytes, at, end, wireEnd);
            case UDP -> decoder.udp.datagram(bytes, at, end, wireEnd);
            case 4, 94, 41 -> {
                if (decoder.deeper()) {
                    packet(bytes, at, end, wireEnd);
                }
            }
            case 47 -> decoder.gre.packet(bytes, at, end, wireEnd);
            case 97 -> decoder.ethernet.inner(bytes, at + 2, end, wireEnd); // EtherIP (RFC 3378)
            case 143 -> decoder.ethernet.inner(bytes, at, end, wireEnd); // RFC 8986 §4.9
            case 137 -> {
                if (decoder.deeper()) {
                    decoder.ethernet.mpls(bytes, at, end, wireEnd);
                }
            }
            default -> decoder.count(kind(protocol), protocol);
        }
    }

    private static NotTcp kind(int protocol) {
        return switch (protocol) {
            case 1, 58 -> NotTcp.ICMP;
            case 2 -> NotTcp.IGMP;
            case 132 -> NotTcp.SCTP;
            case 3, 8, 9, 46, 85, 88, 89, 103, 112, 124 -> NotTcp.ROUTING;
            case 33 -> NotTcp.DCCP;
            case 136 -> NotTcp.UDP_LITE;
            case 59 -> NotTcp.EMPTY_IP;
            case 50 -> NotTcp.ESP;
            case 108 -> NotTcp.IPCOMP;
            case 115 -> NotTcp.L2TP;
            default -> NotTcp.IP_PROTOCOL;
        };
    }

    /** Fragments of protocols that are not decoded need not be joined. */
    private void fragment(
            int protocol, int id, byte[] bytes, int from, int end, int wireEnd, int offset, boolean more) {
        var kind = kind(protocol);
        if (kind != NotTcp.IP_PROTOCOL) {
            decoder.count(kind);
            return;
        }
        var segment = decoder.segment;
        var key = new Fragments.Key(
                segment.sourceHigh,
                segment.sourceLow,
                segment.targetHigh,
                segment.targetLow,
                protocol,
                id,
                segment.tag);
        decoder.fragment();
        var whole = fragments.add(key, bytes, from, Math.min(end, wireEnd) - from, wireEnd - from, offset, more);
        if (whole != null) {
            decoder.joined(whole.packets());
            payload(protocol, whole.bytes(), 0, whole.bytes().length, whole.bytes().length);
        }
    }
}
