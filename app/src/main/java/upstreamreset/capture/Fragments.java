// SPDX-License-Identifier: Apache-2.0
package upstreamreset.capture;

import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reassembles fragmented IP datagrams (RFC 791 §3.2, RFC 8200 §4.5), a bounded number at a time. */
final class Fragments {
    private static final int MAX_DATAGRAM = 65_535;
    private static final int MAX_DATAGRAMS = 64;

    private final NotTcpCounts lost;
    private long repeated;

    private final Map<Key, Datagram> datagrams = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Datagram> eldest) {
            if (size() <= MAX_DATAGRAMS) {
                return false;
            }
            repeated += eldest.getValue().letGo(lost);
            return true;
        }
    };

    /** {@code lost} counts the fragments of datagrams that are never complete. */
    Fragments(NotTcpCounts lost) {
        this.lost = lost;
    }

    /**
     * The key of one datagram's fragments: both addresses, the protocol, the identification, and where they were seen.
     */
    record Key(long sourceHigh, long sourceLow, long targetHigh, long targetLow, int protocol, int id, long tag) {}

    /** One that is being joined, or was. */
    static final class Datagram {
        private final int protocol;
        private final byte @Nullable [] previous;
        private byte[] bytes = new byte[2_048];
        private final BitSet seen = new BitSet();
        private int length = -1;
        private boolean complete;
        private boolean repeatsPrevious;
        private long packets;

        /** {@code previous} is the one with the same key that was complete already. */
        Datagram(int protocol, byte @Nullable [] previous) {
            this.protocol = protocol;
            this.previous = previous;
            repeatsPrevious = previous != null;
        }

        byte[] bytes() {
            return bytes;
        }

        /** How many fragments it came in. */
        long packets() {
            return packets;
        }

        private void put(byte[] source, int from, int offset, int size) {
            if (bytes.length < offset + size) {
                bytes = Arrays.copyOf(bytes, Math.min(MAX_DATAGRAM, 2 * (offset + size)));
            }
            repeatsPrevious &= previous != null
                    && offset + size <= previous.length
                    && Arrays.equals(previous, offset, offset + size, source, from, from + size);
            for (int unit = offset / 8; unit <= (offset + size - 1) / 8; unit++) {
                if (!seen.get(unit)) {
                    seen.set(unit);
                    int begin = unit * 8;
                    System.arraycopy(source, from + begin - offset, bytes, begin, Math.min(8, offset + size - begin));
                }
            }
        }

        /** Nothing more of it will come; answers how many of its packets only repeat a datagram that was read. */
        private long letGo(NotTcpCounts lost) {
            if (complete || packets == 0) {
                return 0;
            }
            if (repeatsPrevious) {
                return packets;
            }
            boolean plainUdp = protocol == IpLayer.UDP && seen.get(0) && !UdpTunnels.mayBeOne(bytes, 0);
            lost.add(plainUdp ? NotTcp.UDP : NotTcp.FRAGMENTS, packets);
            return 0;
        }
    }

    /** Takes a fragment; answers the datagram once all of it is there. A truncated fragment is useless. */
    @Nullable
    Datagram add(Key key, byte[] source, int from, int have, int length, int offset, boolean more) {
        if (have < length || length <= 0 || offset + length > MAX_DATAGRAM || (more && length % 8 != 0)) {
            lost.add(NotTcp.FRAGMENTS, 1L);
            return null;
        }
        var datagram = datagrams.get(key);
        if (datagram == null || datagram.complete) {
            datagram = new Datagram(key.protocol, datagram == null ? null : datagram.bytes);
            datagrams.put(key, datagram);
        }
        datagram.packets++;
        if (!more) {
            datagram.length = offset + length;
        }
        datagram.put(source, from, offset, length);
        if (datagram.length < 0 || datagram.seen.nextClearBit(0) < (datagram.length + 7) / 8) {
            return null;
        }
        datagram.complete = true;
        datagram.bytes = Arrays.copyOf(datagram.bytes, datagram.length);
        return datagram;
    }

    /** Nothing more will come; returns the number of packets that only repeated earlier ones. */
    long end() {
        for (var datagram : datagrams.values()) {
            repeated += datagram.letGo(lost);
        }
        datagrams.clear();
        return repeated;
    }
}
