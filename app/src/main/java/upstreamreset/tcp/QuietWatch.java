// SPDX-License-Identifier: Apache-2.0
package upstreamreset.tcp;

import java.util.ArrayDeque;

/** Knows the connections with new bytes since they were last reported as quiet. */
final class QuietWatch {
    /** How often it looks, in nanoseconds: with many connections a look takes its time. */
    private static final long LOOK_EVERY = 50_000_000L;

    private final ArrayDeque<TcpConnection> connections = new ArrayDeque<>();
    private long looked = System.nanoTime();

    /** Something came now. */
    void came(TcpConnection connection) {
        connection.lastCame = System.nanoTime();
        if (!connection.watched) {
            connection.watched = true;
            connections.add(connection);
        }
    }

    /** Tells those of which nothing came since {@code nanos}, by {@link System#nanoTime}. */
    void quietSince(long nanos, Arrival arrival) {
        if (nanos - looked < LOOK_EVERY) {
            return;
        }
        looked = nanos;
        for (int left = connections.size(); left > 0; left--) {
            var connection = connections.remove();
            if (connection.lastCame - nanos > 0) {
                connections.add(connection);
            } else {
                connection.watched = false;
                connection.quiet(arrival);
            }
        }
    }
}
