// SPDX-License-Identifier: Apache-2.0
package upstreamreset.capture;

/** Finds where the IP packet begins behind each link layer that a capture of HTTP can have (the registry of LINKTYPE_ numbers). */
final class LinkLayer {
    static final int UNKNOWN = -1;
    static final int NOT_IP = -2;

    private static final int ETHERNET = 1;
    private static final int NULL = 0;
    private static final int LOOP = 108;
    static final int RAW = 101;
    private static final int IPV4 = 228;
    private static final int IPV6 = 229;
    private static final int SLL = 113;
    private static final int SLL2 = 276;

    private static final int TYPE_IPV4 = 0x0800;
    private static final int TYPE_IPV6 = 0x86DD;

    private LinkLayer() {}

    /** The offset of the IP header, {@link #NOT_IP}, or {@link #UNKNOWN} for a link type that is none of these. */
    static int ipOffset(int linkType, byte[] bytes, int at, int end) {
        return switch (linkType) {
            case ETHERNET -> behindType(bytes, at + 12, at + 14, end);
            case SLL -> behindType(bytes, at + 14, at + 16, end);
            case SLL2 -> behindType(bytes, at, at + 20, end);
            case NULL, LOOP -> at + 4;
            // 12 and 14 are what BSDs wrote for raw IP before there was a registry.
            case RAW, IPV4, IPV6, 12, 14 -> at;
            default -> UNKNOWN;
        };
    }

    /** The type at {@code type}; where that is a VLAN tag, the type behind it. */
    private static int behindType(byte[] bytes, int type, int payload, int end) {
        int typeAt = type;
        int next = payload;
        for (int tags = 0; tags < 4 && typeAt + 2 <= end && next <= end; tags++) {
            int value = ByteOrderReader.be16(bytes, typeAt);
            switch (value) {
                case TYPE_IPV4, TYPE_IPV6 -> {
                    return next;
                }
                case 0x8100, 0x88A8, 0x9100 -> {
                    typeAt = next + 2;
                    next += 4;
                }
                default -> {
                    return NOT_IP;
                }
            }
        }
        return NOT_IP;
    }
}
