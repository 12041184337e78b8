// SPDX-License-Identifier: Apache-2.0
package upstreamreset.capture;

import static upstreamreset.capture.ByteOrderReader.be16;
import static upstreamreset.capture.ByteOrderReader.be32;

/** Removes tunnels over UDP, identified by port and not contradicted by their first bytes; everything else is UDP. */
final class UdpTunnels {
    private static final int GTP_U = 2152;
    private static final int TEREDO = 3544;
    private static final int VXLAN = 4789;

    /** Linux and flannel had it before there was a number. */
    private static final int VXLAN_OF_LINUX = 8472;

    private static final int VXLAN_GPE = 4790;
    private static final int GENEVE = 6081;
    private static final int GRE = 4754;
    private static final int MPLS = 6635;
    private static final int L2TP = 1701;
    private static final int TZSP = 37008;
    private static final int IPSEC = 4500;
    private static final int WIREGUARD = 51820;
    private static final int OPENVPN = 1194;
    private static final int CAPWAP_DATA = 5247;
    private static final int AYIYA = 5072;

    private static final int HEADER = 8;
    private static final int TEREDO_ORIGIN = 0x0000;
    private static final int TEREDO_AUTHENTICATION = 0x0001;

    private final PacketDecoder decoder;

    UdpTunnels(PacketDecoder decoder) {
        this.decoder = decoder;
    }

    /** Whether one of the ports in this UDP header is that of a tunnel. */
    static boolean mayBeOne(byte[] bytes, int at) {
        return known(be16(bytes, at)) || known(be16(bytes, at + 2));
    }

    private static boolean known(int port) {
        return switch (port) {
            case GTP_U, TEREDO, VXLAN, VXLAN_OF_LINUX, VXLAN_GPE, GENEVE, GRE, MPLS, L2TP, TZSP -> true;
            case IPSEC, WIREGUARD, OPENVPN, CAPWAP_DATA, AYIYA -> true;
            default -> false;
        };
    }

    void datagram(byte[] bytes, int at, int end, int wireEnd) {
        if (at + HEADER > end) {
            decoder.tooShort();
            return;
        }
        int target = be16(bytes, at + 2);
        int port = known(target) ? target : be16(bytes, at);
        if (!known(port) || !read(port, bytes, at + HEADER, end, wireEnd)) {
            decoder.count(NotTcp.UDP);
        }
    }

    /** False if it is not such a tunnel. */
    private boolean read(int port, byte[] bytes, int at, int end, int wireEnd) {
        if (at + 8 > end) {
            boolean cut = wireEnd - at >= 8;
            if (cut) {
                decoder.tooShort();
            }
            return cut;
        }
        return switch (port) {
            case VXLAN, VXLAN_OF_LINUX -> vxlan(bytes, at, end, wireEnd);
            case VXLAN_GPE -> gpe(bytes, at, end, wireEnd);
            case GENEVE -> geneve(bytes, at, end, wireEnd);
            case GRE -> gre(bytes, at, end, wireEnd);
            case GTP_U -> gtp(bytes, at, end, wireEnd);
            case TEREDO -> teredo(bytes, at, end, wireEnd);
            case MPLS -> mpls(bytes, at, end, wireEnd);
            case L2TP -> l2tp(bytes, at, end, wireEnd);
            case TZSP -> tzsp(bytes, at, end, wireEnd);
            case AYIYA -> ayiya(bytes, at, end, wireEnd);
            case IPSEC -> be32(bytes, at) != 0 && hidden(NotTcp.ESP);
            case WIREGUARD -> wireguard(be32(bytes, at)) && hidden(NotTcp.WIREGUARD);
            case OPENVPN -> hidden(NotTcp.OPENVPN);
            default -> hidden(NotTcp.CAPWAP);
        };
    }

    /** One of its four messages, then three bytes 0. */
    private static boolean wireguard(int start) {
        return (start & 0xFFFFFF) == 0 && start >>> 24 >= 1 && start >>> 24 <= 4;
    }

    private boolean hidden(NotTcp kind) {
        decoder.count(kind);
        return true;
    }

    /** RFC 7348 §5. */
    private boolean vxlan(byte[] bytes, int at, int end, int wireEnd) {
        if ((bytes[at] & 0x08) == 0) {
            return false;
        }
        decoder.in(be32(bytes, at + 4) >>> 8 | 1 << 25);
        decoder.ethernet.inner(bytes, at + 8, end, wireEnd);
        return true;
    }

    /** RFC 8086 §3: of the header's first 16 bits only three may be set. */
    private boolean gre(byte[] bytes, int at, int end, int wireEnd) {
        if ((be16(bytes, at) & 0x4FFF) != 0) {
            return false;
        }
        decoder.gre.packet(bytes, at, end, wireEnd);
        return true;
    }

    /** draft-ietf-nvo3-vxlan-gpe §3. */
    private boolean gpe(byte[] bytes, int at, int end, int wireEnd) {
        int protocol = (bytes[at] & 0x04) == 0 ? 3 : bytes[at + 3];
        if ((bytes[at] & 0xC0) != 0 || !decoder.deeper()) {
            return false;
        }
        decoder.in(be32(bytes, at + 4) >>> 8 | 1 << 25);
        switch (protocol) {
            case 1, 2 -> decoder.ip.packet(bytes, at + 8, end, wireEnd);
            case 3 -> decoder.ethernet.frame(bytes, at + 8, end, wireEnd);
            case 4 -> decoder.ethernet.serviceChain(bytes, at + 8, end, wireEnd);
            case 5 -> decoder.ethernet.mpls(bytes, at + 8, end, wireEnd);
            default -> decoder.count(NotTcp.TUNNEL_CONTROL);
        }
        return true;
    }

    /** RFC 8926 §3.4. */
    private boolean geneve(byte[] bytes, int at, int end, int wireEnd) {
        if ((bytes[at] & 0xC0) != 0) {
            return false;
        }
        if ((bytes[at + 1] & 0x80) != 0) {
            return hidden(NotTcp.TUNNEL_CONTROL);
        }
        decoder.in(be32(bytes, at + 4) >>> 8 | 1 << 26);
        int payload = at + 8 + (bytes[at] & 0x3F) * 4;
        if (decoder.deeper()) {
            decoder.ethernet.type(be16(bytes, at + 2), bytes, payload, end, wireEnd);
        }
        return true;
    }

    /**
     * 3GPP TS 29.281 §5.1. The tunnel's number differs for each direction and changes when a phone changes its cell: it is no
     * part of the identity.
     */
    private boolean gtp(byte[] bytes, int at, int end, int wireEnd) {
        int flags = bytes[at];
        if ((flags & 0xF0) != 0x30) {
            return false;
        }
        if ((bytes[at + 1] & 0xFF) != 0xFF) {
            return hidden(NotTcp.TUNNEL_CONTROL);
        }
        int payload = at + 8;
        if ((flags & 7) != 0) {
            payload += 4;
            boolean more = (flags & 4) != 0;
            while (more && payload <= end && bytes[payload - 1] != 0) {
                int words = payload < end ? bytes[payload] & 0xFF : 0;
                if (words == 0) {
                    decoder.tooShort();
                    return true;
                }
                payload += words * 4;
            }
        }
        if (decoder.deeper()) {
            decoder.ip.packet(bytes, payload, end, wireEnd);
        }
        return true;
    }

    /** RFC 4380 §5.1.1. */
    private boolean teredo(byte[] bytes, int from, int end, int wireEnd) {
        int at = from;
        if (be16(bytes, at) == TEREDO_AUTHENTICATION) {
            at += 13 + (bytes[at + 2] & 0xFF) + (bytes[at + 3] & 0xFF);
        }
        if (at + 2 <= end && be16(bytes, at) == TEREDO_ORIGIN) {
            at += 8;
        }
        if (at >= end || (bytes[at] & 0xF0) != 0x60 || !decoder.deeper()) {
            return false;
        }
        decoder.ip.packet(bytes, at, end, wireEnd);
        return true;
    }

    private boolean mpls(byte[] bytes, int at, int end, int wireEnd) {
        if (decoder.deeper()) {
            decoder.ethernet.mpls(bytes, at, end, wireEnd);
        }
        return true;
    }

    /** RFC 2661 §3.1. */
    private boolean l2tp(byte[] bytes, int at, int end, int wireEnd) {
        int flags = be16(bytes, at);
        if ((flags & 0xF) != 2) {
            return (flags & 0xF) == 3 && hidden((flags & 0x8000) == 0 ? NotTcp.L2TP : NotTcp.TUNNEL_CONTROL);
        }
        if ((flags & 0x8000) != 0) {
            return hidden(NotTcp.TUNNEL_CONTROL);
        }
        int payload = at + ((flags & 0x4000) == 0 ? 6 : 8) + ((flags & 0x0800) == 0 ? 0 : 4);
        if ((flags & 0x0200) != 0) {
            if (payload + 2 > end) {
                decoder.tooShort();
                return true;
            }
            payload += 2 + be16(bytes, payload);
        }
        decoder.ppp.frame(bytes, payload, end, wireEnd);
        return true;
    }

    /** draft-massar-v6ops-ayiya-02 §3: an identity and a signature, whose lengths come first, then what the tunnel carries. */
    private boolean ayiya(byte[] bytes, int at, int end, int wireEnd) {
        int payload = at + 8 + (1 << (bytes[at] >> 4 & 0xF)) + (bytes[at + 1] >> 4 & 0xF) * 4;
        boolean forwards = (bytes[at + 2] & 0xF) == 1 && (bytes[at + 3] == 41 || bytes[at + 3] == 4);
        if (!forwards || !decoder.deeper()) {
            return false;
        }
        decoder.ip.packet(bytes, payload, end, wireEnd);
        return true;
    }

    /** Tags until that of the end, then what a sniffer saw. */
    private boolean tzsp(byte[] bytes, int from, int end, int wireEnd) {
        if (bytes[from] != 1) {
            return false;
        }
        if (bytes[from + 1] > 1 || be16(bytes, from + 2) != 1) {
            return hidden(NotTcp.TUNNEL_CONTROL);
        }
        int at = from + 4;
        while (at < end && bytes[at] != 1) {
            at += bytes[at] == 0 || at + 1 >= end ? 1 : 2 + (bytes[at + 1] & 0xFF);
        }
        decoder.ethernet.inner(bytes, at + 1, end, wireEnd);
        return true;
    }
}
