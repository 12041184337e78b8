// SPDX-License-Identifier: Apache-2.0
package upstreamreset.capture;

import static upstreamreset.capture.ByteOrderReader.be16;
import static upstreamreset.capture.ByteOrderReader.be32;

/** Removes IEEE 802.11 from data frames, and the headers that adapters put before it: radiotap, PPI, Prism and AVS. */
final class Wlan {
    private static final int DATA = 2;
    private static final int WITHOUT_DATA = 0x4;
    private static final int QOS = 0x8;

    private static final int TO_AND_FROM_DS = 0x3;
    private static final int MORE_FRAGMENTS = 0x04;
    private static final int PROTECTED = 0x40;
    private static final int ORDER = 0x80;
    private static final int AGGREGATE = 0x80;

    private static final int RADIOTAP_TIME = 1;
    private static final int RADIOTAP_FLAGS = 2;
    private static final int RADIOTAP_MORE = 1 << 31;
    private static final int RADIOTAP_PADDED = 0x20;

    private static final ByteOrderReader LITTLE = new ByteOrderReader(false);

    private final PacketDecoder decoder;

    Wlan(PacketDecoder decoder) {
        this.decoder = decoder;
    }

    /** From the frame control on; {@code padded} if the header is as long as a multiple of 4. */
    void frame(byte[] bytes, int at, int end, int wireEnd, boolean padded) {
        if (at + 2 > end) {
            decoder.tooShort();
            return;
        }
        int type = bytes[at] >>> 2 & 3;
        int subtype = bytes[at] >>> 4 & 0xF;
        if (type != DATA || (subtype & WITHOUT_DATA) != 0) {
            decoder.count(NotTcp.WLAN_CONTROL);
            return;
        }
        int flags = bytes[at + 1];
        if ((flags & PROTECTED) != 0) {
            decoder.count(NotTcp.WLAN_PROTECTED);
            return;
        }
        int header = (flags & TO_AND_FROM_DS) == TO_AND_FROM_DS ? 30 : 24;
        boolean qos = (subtype & QOS) != 0;
        int control = at + header;
        if (qos) {
            header += (flags & ORDER) == 0 ? 2 : 6;
        }
        int body = at + (padded ? header + 3 & ~3 : header);
        if (body > end) {
            decoder.tooShort();
        } else if ((flags & MORE_FRAGMENTS) != 0 || (bytes[at + 22] & 0xF) != 0) {
            decoder.count(NotTcp.WLAN_FRAGMENT);
        } else if (qos && (bytes[control] & AGGREGATE) != 0) {
            aggregate(bytes, body, end, wireEnd);
        } else {
            decoder.ethernet.llc(bytes, body, end, wireEnd);
        }
    }

    /** Several frames in one: addresses, a length, then the payload, filled up to a multiple of 4. */
    private void aggregate(byte[] bytes, int from, int end, int wireEnd) {
        int at = from;
        while (at + 14 <= end) {
            int payload = at + 14;
            int next = payload + be16(bytes, at + 12);
            if (next > wireEnd) {
                return;
            }
            decoder.ethernet.llc(bytes, payload, Math.min(end, next), next);
            at = from + (next - from + 3 & ~3);
        }
    }

    /** A radiotap header, then the frame. */
    void radiotap(byte[] bytes, int at, int end, int wireEnd) {
        if (at + 8 > end) {
            decoder.tooShort();
            return;
        }
        int frame = at + LITTLE.u16(bytes, at + 2);
        int present = LITTLE.i32(bytes, at + 4);
        int field = at + 8;
        for (int more = present; (more & RADIOTAP_MORE) != 0 && field + 4 <= end; field += 4) {
            more = LITTLE.i32(bytes, field);
        }
        if ((present & RADIOTAP_TIME) != 0) {
            field = at + (field - at + 7 & ~7) + 8;
        }
        boolean padded = (present & RADIOTAP_FLAGS) != 0 && field < end && (bytes[field] & RADIOTAP_PADDED) != 0;
        frame(bytes, frame, end, wireEnd, padded);
    }

    /** Prism's header, or the AVS one that stands in its place. */
    void prism(byte[] bytes, int at, int end, int wireEnd) {
        if (at + 8 > end) {
            decoder.tooShort();
            return;
        }
        boolean avs = (be32(bytes, at) & 0xFFFFF000) == 0x80211000;
        long little = LITTLE.u32(bytes, at + 4);
        long length = avs || little > end - at ? be32(bytes, at + 4) & 0xFFFFFFFFL : little;
        if (length > end - at) {
            decoder.tooShort();
        } else {
            frame(bytes, at + (int) length, end, wireEnd, false);
        }
    }
}
