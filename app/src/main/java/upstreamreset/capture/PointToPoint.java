// SPDX-License-Identifier: Apache-2.0
package upstreamreset.capture;

import static upstreamreset.capture.ByteOrderReader.be16;

/** Removes PPP (RFC 1661 §2), with and without its HDLC framing (RFC 1662 §3.1), and PPPoE (RFC 2516 §4). */
final class PointToPoint {
    private static final int ALL_STATIONS = 0xFF03;

    /** Numbers from here on are control protocols (RFC 1661 §2). */
    private static final int MIN_CONTROL = 0x4000;

    private final PacketDecoder decoder;

    PointToPoint(PacketDecoder decoder) {
        this.decoder = decoder;
    }

    /** From address and control, where they were not left out, or else from the protocol on. */
    void frame(byte[] bytes, int at, int end, int wireEnd) {
        if (at + 2 > end) {
            decoder.tooShort();
            return;
        }
        int start = be16(bytes, at);
        switch (start) {
            case ALL_STATIONS -> protocol(bytes, at + 2, end, wireEnd);
            case 0x0F00, 0x8F00 -> ciscoHdlc(bytes, at, end, wireEnd);
            default -> protocol(bytes, at, end, wireEnd);
        }
    }

    /** Address and control of Cisco's, then an EtherType. */
    void ciscoHdlc(byte[] bytes, int at, int end, int wireEnd) {
        if (at + 4 > end) {
            decoder.tooShort();
            return;
        }
        int type = be16(bytes, at + 2);
        if (type == 0x8035) {
            decoder.count(NotTcp.CISCO); // keep-alives of the link
        } else if (decoder.deeper()) {
            decoder.ethernet.type(type, bytes, at + 4, end, wireEnd);
        }
    }

    private void protocol(byte[] bytes, int from, int end, int wireEnd) {
        if (from + 2 > end) {
            decoder.tooShort();
            return;
        }
        boolean oneByte = (bytes[from] & 1) != 0;
        int protocol = oneByte ? bytes[from] & 0xFF : be16(bytes, from);
        int at = from + (oneByte ? 1 : 2);
        if (!decoder.deeper()) {
            return;
        }
        switch (protocol) {
            case 0x0021, 0x0057 -> decoder.ip.packet(bytes, at, end, wireEnd);
            case 0x0281, 0x0283 -> decoder.ethernet.mpls(bytes, at, end, wireEnd);
            case 0x0031 -> bridged(bytes, at, end, wireEnd);
            case 0x002D, 0x002F, 0x003D, 0x0053, 0x0055, 0x00FB, 0x00FD -> decoder.count(NotTcp.PPP_PACKED);
            case 0x0023, 0x0025, 0x0027, 0x0029, 0x002B, 0x0201, 0x0203, 0x0205, 0x0207 ->
                decoder.count(NotTcp.OLD_LAN);
            default -> {
                if (protocol >= MIN_CONTROL) {
                    decoder.count(NotTcp.PPP_CONTROL);
                } else {
                    decoder.count(NotTcp.PPP_PROTOCOL, protocol);
                }
            }
        }
    }

    /** Flags, the kind of MAC, then the frame (RFC 3518 §4.2). */
    private void bridged(byte[] bytes, int at, int end, int wireEnd) {
        if (at + 2 > end) {
            decoder.tooShort();
        } else if (bytes[at + 1] == 1) {
            decoder.ethernet.inner(bytes, at + 2, end, wireEnd);
        } else {
            decoder.count(NotTcp.PPP_PROTOCOL, 0x0031);
        }
    }

    /** From the PPPoE header on: the number of its session is that of one line. */
    void overEthernet(byte[] bytes, int at, int end, int wireEnd) {
        if (at + 6 > end) {
            decoder.tooShort();
            return;
        }
        if (bytes[at + 1] != 0) {
            decoder.count(NotTcp.PPPOE_DISCOVERY);
            return;
        }
        decoder.in(be16(bytes, at + 2) | 1 << 16);
        protocol(bytes, at + 6, end, wireEnd);
    }
}
