// SPDX-License-Identifier: Apache-2.0
package upstreamreset.explain;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import upstreamreset.accesslog.AmbientConnection;

/** Counts the connections of a ztunnel's log and the ways in which they failed, each with its cause. Bounded, whatever the log has. */
public final class TunnelFailures {
    private static final int MAX_WAYS = 500;

    private final Map<List<String>, Counted> ways = new LinkedHashMap<>();
    private long connections;
    private long failed;

    private static final class Counted {
        private long count;
        private AmbientConnection last;

        Counted(AmbientConnection first) {
            last = first;
        }
    }

    /** One way to fail, between the same two. */
    public record Way(long count, Cause cause, AmbientConnection example) {}

    public void add(AmbientConnection connection) {
        connections++;
        if (connection.error().isEmpty()) {
            return;
        }
        failed++;
        var key = List.of(
                AmbientCause.of(connection).cause(),
                connection.text("direction").orElse(""),
                connection.source(),
                connection.destination());
        if (!ways.containsKey(key) && ways.size() >= MAX_WAYS) {
            return;
        }
        var counted = ways.computeIfAbsent(key, _ -> new Counted(connection));
        counted.count++;
        counted.last = connection;
    }

    public long connections() {
        return connections;
    }

    public long failed() {
        return failed;
    }

    /** The most frequent first. */
    public List<Way> ways() {
        var found = new ArrayList<Way>();
        for (var each : ways.values()) {
            found.add(new Way(each.count, AmbientCause.of(each.last), each.last));
        }
        found.sort(Comparator.comparingLong(Way::count).reversed());
        return found;
    }
}
