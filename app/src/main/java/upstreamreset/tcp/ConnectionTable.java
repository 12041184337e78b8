// SPDX-License-Identifier: Apache-2.0
package upstreamreset.tcp;

import org.jspecify.annotations.Nullable;

/** Connections by their two endpoints, and in line by their last packet. */
final class ConnectionTable {
    private @Nullable TcpConnection[] buckets = new @Nullable TcpConnection[1 << 16];
    private int size;
    private @Nullable TcpConnection oldest;
    private @Nullable TcpConnection newest;

    int size() {
        return size;
    }

    @Nullable
    TcpConnection oldest() {
        return oldest;
    }

    @Nullable
    TcpConnection find(FlowKey ends) {
        int hash = ends.hash;
        var connection = buckets[hash & (buckets.length - 1)];
        while (connection != null && (connection.hash != hash || !connection.between(ends))) {
            connection = connection.chained;
        }
        return connection;
    }

    void add(TcpConnection connection) {
        if (size >= buckets.length) {
            grow();
        }
        chain(connection);
        size++;
        append(connection);
    }

    void remove(TcpConnection connection) {
        int bucket = bucket(connection);
        var at = buckets[bucket];
        if (at == connection) {
            buckets[bucket] = connection.chained;
        } else {
            while (at != null && at.chained != connection) {
                at = at.chained;
            }
            if (at != null) {
                at.chained = connection.chained;
            }
        }
        size--;
        unlink(connection);
    }

    /** Moves it to the end of the line. */
    void touched(TcpConnection connection) {
        if (newest != connection) {
            unlink(connection);
            append(connection);
        }
    }

    private void append(TcpConnection connection) {
        connection.older = newest;
        connection.newer = null;
        if (newest == null) {
            oldest = connection;
        } else {
            newest.newer = connection;
        }
        newest = connection;
    }

    private void unlink(TcpConnection connection) {
        var before = connection.older;
        var after = connection.newer;
        if (before == null) {
            oldest = after;
        } else {
            before.newer = after;
        }
        if (after == null) {
            newest = before;
        } else {
            after.older = before;
        }
    }

    private void grow() {
        var old = buckets;
        buckets = new @Nullable TcpConnection[2 * old.length];
        for (var first : old) {
            for (var each = first; each != null; ) {
                var next = each.chained;
                chain(each);
                each = next;
            }
        }
    }

    private void chain(TcpConnection connection) {
        int bucket = bucket(connection);
        connection.chained = buckets[bucket];
        buckets[bucket] = connection;
    }

    private int bucket(TcpConnection each) {
        return each.hash & (buckets.length - 1);
    }
}
