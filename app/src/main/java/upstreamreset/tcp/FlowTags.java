// SPDX-License-Identifier: Apache-2.0
package upstreamreset.tcp;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Decides whether a packet in one network belongs to a connection in another. It does if each direction has its own
 * number (a VLAN on each side of a router, Cilium's VXLAN) and the packet acknowledges the other's bytes, or if the
 * same packet was captured both inside and outside of a tunnel or VLAN.
 */
final class FlowTags {
    private static final int MAX_TAGS = 64;
    private static final int MAX_ALIASES = 1 << 15;

    /** Between two interfaces of one machine a packet takes less. */
    private static final long MAX_NANOS = 1_000_000;

    private static final int MAX_DISTANCE = 1 << 20;

    private final long[] tags = new long[MAX_TAGS];
    private int count;

    private final Map<FlowKey, Long> aliases = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<FlowKey, Long> eldest) {
            return size() > MAX_ALIASES;
        }
    };

    /** A connection in the network {@code tag} begins. */
    void seen(long tag) {
        for (int i = 0; i < count; i++) {
            if (tags[i] == tag) {
                return;
            }
        }
        if (count < MAX_TAGS) {
            tags[count++] = tag;
        }
    }

    /** Gives {@code segment}, which no connection in {@code table} has as it is, the tag of the one that it belongs to. */
    void settle(TcpSegment segment, Map<FlowKey, TcpConnection> table, boolean opening) {
        if (count == 0 || (count == 1 && tags[0] == segment.tag)) {
            return;
        }
        long own = segment.tag;
        var known = opening ? null : aliases.get(segment);
        if (known != null) {
            segment.tag = known;
            return;
        }
        for (int i = 0; i < count; i++) {
            segment.tag = tags[i];
            var connection = tags[i] == own ? null : table.get(segment);
            if (connection != null && belongs(connection, segment, own, opening)) {
                segment.tag = own;
                aliases.put(new FlowKey(segment), tags[i]);
                segment.tag = tags[i];
                return;
            }
        }
        segment.tag = own;
    }

    private static boolean belongs(TcpConnection connection, TcpSegment segment, long own, boolean opening) {
        boolean sameMoment =
                (own == 0 || connection.tag == 0) && Math.abs(segment.nanos - connection.lastNanos) < MAX_NANOS;
        if (opening) {
            return sameMoment && segment.sequence == connection.firstSequence;
        }
        if (!connection.sent(segment.fromA)) {
            return segment.is(TcpSegment.ACK) && near(segment.acknowledged, connection.lastSequence(!segment.fromA));
        }
        return sameMoment && near(segment.sequence, connection.lastSequence(segment.fromA));
    }

    private static boolean near(int one, int other) {
        int distance = one - other;
        return distance > -MAX_DISTANCE && distance < MAX_DISTANCE;
    }
}
