// SPDX-License-Identifier: Apache-2.0
package upstreamreset.capture;

import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Puts IP datagrams together that came in fragments (RFC 791 §3.2, RFC 8200 §4.5), a bounded number at a time. */
final class Fragments {
    private static final int MAX_DATAGRAM = 65_535;

    private final Map<Key, Datagram> datagrams = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Datagram> eldest) {
            return size() > 64;
        }
    };

    private static final class Datagram {
        private final byte[] bytes = new byte[MAX_DATAGRAM];
        private final BitSet seen = new BitSet();
        private int length = -1;
    }

    /** What the fragments of one datagram share: both addresses and the identification. */
    record Key(long sourceHigh, long sourceLow, long targetHigh, long targetLow, int id) {}

    /** Takes a fragment; answers the datagram's payload once all of it is there. A fragment that was cut is no use. */
    byte @Nullable [] add(Key key, byte[] source, int from, int have, int length, int offset, boolean more) {
        if (have < length || length <= 0 || offset + length > MAX_DATAGRAM || (more && length % 8 != 0)) {
            return null;
        }
        var datagram = datagrams.computeIfAbsent(key, each -> new Datagram());
        if (!more) {
            datagram.length = offset + length;
        }
        for (int unit = offset / 8; unit <= (offset + length - 1) / 8; unit++) {
            if (!datagram.seen.get(unit)) {
                datagram.seen.set(unit);
                int begin = unit * 8;
                System.arraycopy(
                        source, from + begin - offset, datagram.bytes, begin, Math.min(8, offset + length - begin));
            }
        }
        if (datagram.length < 0 || datagram.seen.nextClearBit(0) < (datagram.length + 7) / 8) {
            return null;
        }
        datagrams.remove(key);
        return Arrays.copyOf(datagram.bytes, datagram.length);
    }
}
