// SPDX-License-Identifier: Apache-2.0
package upstreamreset.capture;

import static upstreamreset.capture.ByteOrderReader.be16;

/** Removes the header of each link type (the registry of LINKTYPE_ numbers), and continues with the next layer. */
final class LinkLayer {
    static final int RAW = 101;

    private static final int ETHERNET = 1;
    private static final int NULL = 0;
    private static final int LOOP = 108;
    private static final int IPV4 = 228;
    private static final int IPV6 = 229;
    private static final int SLL = 113;
    private static final int SLL2 = 276;
    private static final int NFLOG = 239;
    private static final int PKTAP = 258;
    private static final int PPI = 192;

    /** Apple's tools write PKTAP so. */
    private static final int USER2 = 149;

    private static final int MIN_PKTAP = 108;
    private static final int NFLOG_PAYLOAD = 9;

    private static final ByteOrderReader LITTLE = new ByteOrderReader(false);

    private final PacketDecoder decoder;

    LinkLayer(PacketDecoder decoder) {
        this.decoder = decoder;
    }

    void packet(int linkType, byte[] bytes, int at, int end, int wireEnd) {
        switch (linkType) {
            case ETHERNET -> decoder.ethernet.frame(bytes, at, end, wireEnd);
            case SLL -> type(bytes, at + 14, at + 16, end, wireEnd);
            case SLL2 -> type(bytes, at, at + 20, end, wireEnd);
            case NULL, LOOP -> decoder.ip.packet(bytes, at + 4, end, wireEnd);
            // 12 and 14 are what BSDs wrote for raw IP before there was a registry.
            case RAW, IPV4, IPV6, 12, 14 -> decoder.ip.packet(bytes, at, end, wireEnd);
            default -> rare(linkType, bytes, at, end, wireEnd);
        }
    }

    private void rare(int linkType, byte[] bytes, int at, int end, int wireEnd) {
        switch (linkType) {
            case 9, 50 -> decoder.ppp.frame(bytes, at, end, wireEnd);
            case 51 -> decoder.ppp.overEthernet(bytes, at, end, wireEnd);
            case 104 -> decoder.ppp.ciscoHdlc(bytes, at, end, wireEnd);
            case 166 -> decoder.ppp.frame(bytes, at + 2, end, wireEnd); // a direction in the place of the address
            case 204 -> decoder.ppp.frame(bytes, at + 1, end, wireEnd);
            case 6 -> tokenRing(bytes, at, end, wireEnd);
            case 10 -> decoder.ethernet.llc(bytes, at + 13, end, wireEnd); // FDDI
            case 100 -> decoder.ethernet.llc(bytes, at, end, wireEnd); // RFC 2684
            case 123 -> decoder.ethernet.llc(bytes, at + 4, end, wireEnd); // SunATM
            case 105 -> decoder.wlan.frame(bytes, at, end, wireEnd, false);
            case 107 -> frameRelay(bytes, at, end, wireEnd);
            case 109 -> decoder.ip.packet(bytes, at + 12, end, wireEnd); // OpenBSD's enc
            case 117 -> firewall(bytes, at, end, wireEnd);
            case 119, 163 -> decoder.wlan.prism(bytes, at, end, wireEnd);
            case 127 -> decoder.wlan.radiotap(bytes, at, end, wireEnd);
            case 129 -> arcnet(bytes, at, end, wireEnd);
            case 138 -> type(bytes, at + 16, at + 18, end, wireEnd); // Apple's IP over IEEE 1394
            case 219 -> decoder.ethernet.mpls(bytes, at, end, wireEnd);
            case 226 -> decoder.ip.packet(bytes, at + 24, end, wireEnd); // Solaris's ipnet
            case 240 -> decoder.ethernet.frame(bytes, at + 4, end, wireEnd); // netANALYZER
            case PPI -> ppi(bytes, at, end, wireEnd);
            case NFLOG -> nflog(bytes, at, end, wireEnd);
            case PKTAP, USER2 -> pktap(linkType, bytes, at, end, wireEnd);
            case 187, 189, 190, 195, 201, 215, 220, 227, 230, 231, 249, 251, 253, 254, 255, 256, 266, 283 ->
                decoder.count(NotTcp.NOT_A_NETWORK);
            default -> decoder.count(NotTcp.LINK_TYPE, linkType);
        }
    }

    /** The EtherType at {@code type}; its payload. */
    private void type(byte[] bytes, int type, int payload, int end, int wireEnd) {
        if (payload > end) {
            decoder.tooShort();
        } else {
            decoder.ethernet.type(be16(bytes, type), bytes, payload, end, wireEnd);
        }
    }

    /** Two addresses, and the way between the rings if the sender's says so. */
    private void tokenRing(byte[] bytes, int at, int end, int wireEnd) {
        if (at + 15 > end) {
            decoder.tooShort();
            return;
        }
        int way = bytes[at + 8] < 0 ? bytes[at + 14] & 0x1F : 0;
        decoder.ethernet.llc(bytes, at + 14 + way, end, wireEnd);
    }

    /** Linux's ARCNET: two addresses, an offset, a protocol; RFC 1201 can split a packet, RFC 1051 cannot. */
    private void arcnet(byte[] bytes, int at, int end, int wireEnd) {
        if (at + 6 > end) {
            decoder.tooShort();
            return;
        }
        switch (bytes[at + 4] & 0xFF) {
            case 0xF0 -> decoder.ip.packet(bytes, at + 5, end, wireEnd);
            case 0xD4, 0xC4 -> {
                switch (bytes[at + 5] & 0xFF) {
                    case 0 -> decoder.ip.packet(bytes, at + 8, end, wireEnd);
                    case 0xFF -> decoder.ip.packet(bytes, at + 12, end, wireEnd);
                    default -> decoder.count(NotTcp.FRAGMENTS);
                }
            }
            case 0xF1, 0xD5 -> decoder.count(NotTcp.ARP);
            default -> decoder.count(NotTcp.LLC);
        }
    }

    /** RFC 2427 §3: a network layer identifier, or SNAP; else an EtherType, as Cisco does. */
    private void frameRelay(byte[] bytes, int at, int end, int wireEnd) {
        if (at + 4 > end) {
            decoder.tooShort();
            return;
        }
        if (bytes[at + 2] != 3) {
            decoder.ethernet.type(be16(bytes, at + 2), bytes, at + 4, end, wireEnd);
            return;
        }
        int identifier = at + (bytes[at + 3] == 0 ? 4 : 3);
        switch (identifier < end ? bytes[identifier] & 0xFF : 0) {
            case 0xCC, 0x8E -> decoder.ip.packet(bytes, identifier + 1, end, wireEnd);
            case 0x80 -> decoder.ethernet.snap(bytes, identifier + 1, end, wireEnd);
            default -> decoder.count(NotTcp.LLC);
        }
    }

    /** OpenBSD's pflog: its header's length comes first. */
    private void firewall(byte[] bytes, int at, int end, int wireEnd) {
        if (at >= end) {
            decoder.tooShort();
        } else {
            decoder.ip.packet(bytes, at + ((bytes[at] & 0xFF) + 3 & ~3), end, wireEnd);
        }
    }

    /** Per-packet information of CACE: the link type of what follows is in it. */
    private void ppi(byte[] bytes, int at, int end, int wireEnd) {
        if (at + 8 > end) {
            decoder.tooShort();
        } else if (decoder.deeper()) {
            packet(LITTLE.i32(bytes, at + 4), bytes, at + LITTLE.u16(bytes, at + 2), end, wireEnd);
        }
    }

    /** Linux's netfilter log: attributes in the byte order of the machine, of which one is the packet. */
    private void nflog(byte[] bytes, int first, int end, int wireEnd) {
        int at = first + 4;
        while (at + 4 <= end) {
            int length = LITTLE.u16(bytes, at);
            int type = LITTLE.u16(bytes, at + 2) & 0x7FFF;
            if (LITTLE.u16(bytes, at + 2) > 0xFF && be16(bytes, at + 2) <= 0xFF) {
                length = be16(bytes, at);
                type = be16(bytes, at + 2);
            }
            if (length < 4) {
                decoder.count(NotTcp.DAMAGED);
                return;
            }
            if (type == NFLOG_PAYLOAD) {
                decoder.ip.packet(bytes, at + 4, Math.min(end, at + length), Math.min(wireEnd, at + length));
                return;
            }
            at += length + 3 & ~3;
        }
        decoder.tooShort();
    }

    /** Apple's packet tap: the header's length, and the link type of what follows, in the byte order of the machine. */
    private void pktap(int linkType, byte[] bytes, int at, int end, int wireEnd) {
        if (at + 12 > end) {
            decoder.tooShort();
            return;
        }
        var order = LITTLE.u32(bytes, at) <= 0xFFFF ? LITTLE : new ByteOrderReader(true);
        long header = order.u32(bytes, at);
        if (header < MIN_PKTAP || header > 0xFFFF) {
            decoder.count(NotTcp.LINK_TYPE, linkType);
        } else if (at + header > end) {
            decoder.tooShort();
        } else if (decoder.deeper()) {
            packet(order.i32(bytes, at + 8), bytes, at + (int) header, end, wireEnd);
        }
    }
}
