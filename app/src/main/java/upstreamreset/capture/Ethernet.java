// SPDX-License-Identifier: Apache-2.0
package upstreamreset.capture;

/**
 * Removes layers that begin with an EtherType or an 802.2 header: any number of VLAN tags, SNAP, MPLS, PPPoE and the
 * like.
 */
final class Ethernet {
    static final int IPV4 = 0x0800;
    static final int IPV6 = 0x86DD;

    /** Transparent Ethernet bridging: a whole frame again. */
    static final int BRIDGED = 0x6558;

    private static final int HEADER = 14;

    /** Smaller numbers in the place of a type are a length (IEEE 802.3). */
    static final int MIN_TYPE = 0x600;

    private final PacketDecoder decoder;

    Ethernet(PacketDecoder decoder) {
        this.decoder = decoder;
    }

    /** From the receiver's address on. */
    void frame(byte[] bytes, int at, int end, int wireEnd) {
        if (at + HEADER > end) {
            decoder.tooShort();
            return;
        }
        type(ByteOrderReader.be16(bytes, at + 12), bytes, at + HEADER, end, wireEnd);
    }

    /** From the payload of {@code type} on. */
    void type(int type, byte[] bytes, int at, int end, int wireEnd) {
        switch (type) {
            case IPV4, IPV6 -> decoder.ip.packet(bytes, at, end, wireEnd);
            case 0x8100, 0x88A8, 0x9100, 0x9200, 0x9300 -> tags(bytes, at, end, wireEnd);
            case 0x8926 -> next(bytes, at + 4, end, wireEnd); // VN-Tag
            case 0x8847, 0x8848 -> mpls(bytes, at, end, wireEnd);
            case 0x8864 -> decoder.ppp.overEthernet(bytes, at, end, wireEnd);
            case BRIDGED -> inner(bytes, at, end, wireEnd);
            case 0x88E7 -> backbone(bytes, at, end, wireEnd);
            case 0x894F -> serviceChain(bytes, at, end, wireEnd);
            case 0x880B -> decoder.ppp.frame(bytes, at, end, wireEnd);
            default -> {
                if (type < MIN_TYPE) {
                    llc(bytes, at, end, wireEnd);
                } else {
                    decoder.count(kind(type), type);
                }
            }
        }
    }

    private static NotTcp kind(int type) {
        return switch (type) {
            case 0x0806, 0x8035, 0x0808 -> NotTcp.ARP;
            case 0x88CC -> NotTcp.LLDP;
            case 0x8809 -> NotTcp.SLOW_PROTOCOLS;
            case 0x888E, 0x88C7 -> NotTcp.EAPOL;
            case 0x88F7 -> NotTcp.PTP;
            case 0x8863 -> NotTcp.PPPOE_DISCOVERY;
            case 0x88E5 -> NotTcp.MACSEC;
            case 0x6000, 0x6001, 0x6002, 0x6003, 0x6004, 0x6005, 0x6006, 0x6007, 0x8137, 0x809B, 0x80F3 ->
                NotTcp.OLD_LAN;
            case 0x88A2, 0x88A4, 0x8892, 0x88AB, 0x88B8, 0x88B9, 0x88BA, 0x8906, 0x8914, 0x8915, 0x88CD, 0x88E1 ->
                NotTcp.INDUSTRIAL;
            case 0x8808, 0x8902, 0x9000, 0x22F0, 0x22EA, 0x0842, 0x886D, 0x886F, 0x8899, 0x8912, 0x893A, 0x88D9 ->
                NotTcp.ETHERNET_CONTROL;
            case 0x22F4 -> NotTcp.ROUTING;
            default -> NotTcp.ETHER_TYPE;
        };
    }

    /** VLAN tags (IEEE 802.1Q), from the first one's number on. The number 0 is none: the tag only has a priority. */
    private void tags(byte[] bytes, int first, int end, int wireEnd) {
        int at = first;
        while (at + 4 <= end) {
            int network = ByteOrderReader.be16(bytes, at) & 0xFFF;
            if (network != 0) {
                decoder.in(network);
            }
            int type = ByteOrderReader.be16(bytes, at + 2);
            at += 4;
            if (type != 0x8100 && type != 0x88A8 && type != 0x9100 && type != 0x9200 && type != 0x9300) {
                if (decoder.deeper()) {
                    type(type, bytes, at, end, wireEnd);
                }
                return;
            }
        }
        decoder.tooShort();
    }

    /** A type that ends at {@code at}, and its payload. */
    private void next(byte[] bytes, int at, int end, int wireEnd) {
        if (at + 2 > end) {
            decoder.tooShort();
        } else if (decoder.deeper()) {
            type(ByteOrderReader.be16(bytes, at), bytes, at + 2, end, wireEnd);
        }
    }

    /** A frame inside another layer. */
    void inner(byte[] bytes, int at, int end, int wireEnd) {
        if (decoder.deeper()) {
            frame(bytes, at, end, wireEnd);
        }
    }

    /** Provider backbone bridging (IEEE 802.1ah): the number of a service, then the customer's frame. */
    private void backbone(byte[] bytes, int at, int end, int wireEnd) {
        if (at + 4 > end) {
            decoder.tooShort();
            return;
        }
        decoder.in(ByteOrderReader.be32(bytes, at) & 0xFFFFFF);
        inner(bytes, at + 4, end, wireEnd);
    }

    /** A network service header (RFC 8300 §2.2). */
    void serviceChain(byte[] bytes, int at, int end, int wireEnd) {
        if (at + 8 > end) {
            decoder.tooShort();
            return;
        }
        int payload = at + (bytes[at + 1] & 0x3F) * 4;
        switch (bytes[at + 3]) {
            case 1, 2 -> decoder.ip.packet(bytes, payload, end, wireEnd);
            case 3 -> inner(bytes, payload, end, wireEnd);
            case 5 -> mpls(bytes, payload, end, wireEnd);
            default -> decoder.count(NotTcp.TUNNEL_CONTROL);
        }
    }

    /**
     * A stack of MPLS labels (RFC 3032 §2.1). Nothing says what is behind it: IP begins with its version, and Ethernet with a
     * control word (RFC 4385 §3) or an address. The labels name a path, which may differ for each direction and change: they
     * are no part of the identity.
     */
    void mpls(byte[] bytes, int first, int end, int wireEnd) {
        int at = first;
        while (at + 4 <= end && (bytes[at + 2] & 1) == 0) {
            at += 4;
        }
        at += 4;
        if (at + 1 > end) {
            decoder.tooShort();
            return;
        }
        switch (bytes[at] >>> 4 & 0xF) {
            case 4, 6 -> decoder.ip.packet(bytes, at, end, wireEnd);
            case 0 -> {
                if (likely(bytes, at, end)) {
                    inner(bytes, at, end, wireEnd);
                } else if (likely(bytes, at + 4, end)) {
                    inner(bytes, at + 4, end, wireEnd);
                } else {
                    decoder.count(NotTcp.MPLS);
                }
            }
            case 1 -> decoder.count(NotTcp.TUNNEL_CONTROL);
            default -> {
                if (likely(bytes, at, end)) {
                    inner(bytes, at, end, wireEnd);
                } else {
                    decoder.count(NotTcp.MPLS);
                }
            }
        }
    }

    /** Whether a frame with a type that is known begins here. */
    private static boolean likely(byte[] bytes, int at, int end) {
        if (at + HEADER > end) {
            return false;
        }
        int type = ByteOrderReader.be16(bytes, at + 12);
        return switch (type) {
            case IPV4, IPV6, 0x8100, 0x88A8, 0x9100, 0x8847, 0x8864 -> true;
            default -> type >= MIN_TYPE && kind(type) != NotTcp.ETHER_TYPE;
        };
    }

    /** From an IEEE 802.2 header on; SNAP has an EtherType behind it. */
    void llc(byte[] bytes, int at, int end, int wireEnd) {
        if (at + 3 > end) {
            decoder.tooShort();
            return;
        }
        int service = ByteOrderReader.be16(bytes, at);
        switch (service) {
            case 0xAAAA -> snap(bytes, at + 3, end, wireEnd);
            case 0x0606 -> decoder.ip.packet(bytes, at + 3, end, wireEnd);
            case 0x4242 -> decoder.count(NotTcp.STP);
            case 0xFEFE -> decoder.count(NotTcp.ROUTING); // IS-IS
            case 0xE0E0, 0xFFFF, 0xF0F0, 0xF0F1 -> decoder.count(NotTcp.OLD_LAN);
            default -> decoder.count(NotTcp.LLC);
        }
    }

    /** From the organisation on. */
    void snap(byte[] bytes, int at, int end, int wireEnd) {
        if (at + 5 > end) {
            decoder.tooShort();
            return;
        }
        int organisation = ByteOrderReader.be16(bytes, at) << 8 | (bytes[at + 2] & 0xFF);
        switch (organisation) {
            case 0x00000C, 0x000142 -> decoder.count(NotTcp.CISCO);
            case 0x0080C2 -> bridged(bytes, at + 3, end, wireEnd);
            case 0x000000, 0x0000F8 -> next(bytes, at + 3, end, wireEnd);
            default -> decoder.count(NotTcp.LLC);
        }
    }

    /** RFC 2684 §5.3: Ethernet with and without a checksum, behind two bytes of padding. */
    private void bridged(byte[] bytes, int at, int end, int wireEnd) {
        int protocol = ByteOrderReader.be16(bytes, at);
        if (protocol == 1 || protocol == 7) {
            inner(bytes, at + 4, end, wireEnd);
        } else {
            decoder.count(protocol == 0xE ? NotTcp.STP : NotTcp.LLC);
        }
    }
}
