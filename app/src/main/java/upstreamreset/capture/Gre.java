// SPDX-License-Identifier: Apache-2.0
package upstreamreset.capture;

import static upstreamreset.capture.ByteOrderReader.be16;
import static upstreamreset.capture.ByteOrderReader.be32;

/** Removes GRE (RFC 2784, RFC 2890), including its use in PPTP (RFC 2637 §4.1), NVGRE (RFC 7637 §3.2) and ERSPAN. */
final class Gre {
    private static final int CHECKSUM = 0x8000;
    private static final int ROUTING = 0x4000;
    private static final int KEY = 0x2000;
    private static final int SEQUENCE = 0x1000;
    private static final int ACKNOWLEDGEMENT = 0x0080;
    private static final int VERSION = 7;

    private static final int ERSPAN = 0x88BE;
    private static final int ERSPAN_III = 0x22EB;
    private static final int WCCP = 0x883E;
    private static final int PPP = 0x880B;
    private static final int EOIP = 0x6400;
    private static final int KEEP_ALIVE = 0;

    private final PacketDecoder decoder;

    Gre(PacketDecoder decoder) {
        this.decoder = decoder;
    }

    void packet(byte[] bytes, int at, int end, int wireEnd) {
        if (at + 4 > end) {
            decoder.tooShort();
            return;
        }
        int flags = be16(bytes, at);
        int protocol = be16(bytes, at + 2);
        boolean key = (flags & KEY) != 0;
        int keyAt = at + ((flags & (CHECKSUM | ROUTING)) == 0 ? 4 : 8);
        int payload = keyAt + (key ? 4 : 0) + ((flags & SEQUENCE) == 0 ? 0 : 4);
        if ((flags & VERSION) == 1) {
            enhanced(protocol, bytes, at, payload + ((flags & ACKNOWLEDGEMENT) == 0 ? 0 : 4), end, wireEnd);
            return;
        }
        if ((flags & ROUTING) != 0 || (flags & VERSION) != 0) {
            decoder.count(NotTcp.GRE_PROTOCOL, protocol);
            return;
        }
        if (payload > end) {
            decoder.tooShort();
            return;
        }
        if (key) {
            // NVGRE has the network's number in the upper 24 bits; the lower 8 differ for each flow.
            int number = be32(bytes, keyAt);
            decoder.in(protocol == Ethernet.BRIDGED ? number >>> 8 | 1 << 28 : number | 1 << 29);
        }
        if (decoder.deeper()) {
            payload(protocol, (flags & SEQUENCE) != 0, bytes, payload, end, wireEnd);
        }
    }

    private void payload(int protocol, boolean sequence, byte[] bytes, int at, int end, int wireEnd) {
        switch (protocol) {
            // Without a sequence number it is of type I, and without a header of its own.
            case ERSPAN -> decoder.ethernet.inner(bytes, at + (sequence ? 8 : 0), end, wireEnd);
            case ERSPAN_III -> erspan(bytes, at, end, wireEnd);
            // Version 2 has a redirect header before the packet.
            case WCCP -> decoder.ip.packet(bytes, at < end && (bytes[at] & 0xF0) != 0x40 ? at + 4 : at, end, wireEnd);
            case KEEP_ALIVE -> decoder.count(NotTcp.TUNNEL_CONTROL);
            default -> {
                if (protocol < Ethernet.MIN_TYPE) {
                    decoder.count(NotTcp.GRE_PROTOCOL, protocol);
                } else {
                    decoder.ethernet.type(protocol, bytes, at, end, wireEnd);
                }
            }
        }
    }

    /** The last bit of its header says whether 8 bytes more follow (draft-foschiano-erspan §4.3). */
    private void erspan(byte[] bytes, int at, int end, int wireEnd) {
        if (at + 12 > end) {
            decoder.tooShort();
            return;
        }
        decoder.ethernet.inner(bytes, at + ((bytes[at + 11] & 1) == 0 ? 12 : 20), end, wireEnd);
    }

    /** Version 1: a length and a call in the key's place. The call's number differs for each direction. */
    private void enhanced(int protocol, byte[] bytes, int at, int payload, int end, int wireEnd) {
        if (protocol == EOIP) {
            decoder.ethernet.inner(bytes, at + 8, end, wireEnd);
        } else if (protocol != PPP) {
            decoder.count(NotTcp.GRE_PROTOCOL, protocol);
        } else if (at + 6 <= end && be16(bytes, at + 4) == 0) {
            decoder.count(NotTcp.TUNNEL_CONTROL); // it only acknowledges
        } else {
            decoder.ppp.frame(bytes, payload, end, wireEnd);
        }
    }
}
