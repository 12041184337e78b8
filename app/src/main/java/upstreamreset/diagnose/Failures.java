// SPDX-License-Identifier: Apache-2.0
package upstreamreset.diagnose;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import upstreamreset.accesslog.LogField;
import upstreamreset.accesslog.LoggedExchange.Reach;
import upstreamreset.accesslog.Side;
import upstreamreset.explain.Hop;

/** Counts failed requests by answer, method and path. Bounded, whatever clients send. */
final class Failures {
    private static final int MAX_WAYS = 2_000;
    private static final int MAX_PATH = 200;

    private final Map<Key, Counted> ways = new LinkedHashMap<>();
    private long left;

    private record Key(String answer, String method, String path, Side side, boolean madeHere, Reach reach) {}

    private static final class Counted {
        private long count;
        private Hop last;

        Counted(Hop first) {
            last = first;
        }
    }

    /**
     * One way to fail.
     *
     * @param answer {@code 502 UPE upstream_reset_before_response_started{protocol_error}}
     * @param path without its query
     * @param example the last line of it
     */
    public record Way(long count, String answer, String method, String path, Hop example) {
        /** The origin of the response and its effect on the app, in a few words. */
        String by(boolean gateway) {
            var exchange = example.exchange();
            var who = example.side() == Side.CLIENT && !gateway ? "as a client" : "";
            boolean waypoint = example.side() == Side.WAYPOINT && !gateway;
            var made = exchange.madeHere()
                    ? "made by " + (waypoint ? "its waypoint" : gateway ? "this proxy" : "this sidecar")
                            + (who.isEmpty() ? "" : " " + who)
                    : (example.side() == Side.CLIENT || example.side() == Side.WAYPOINT
                            ? "passed on: it came from behind"
                            : "the app's own answer");
            var asked = example.side() != Side.CLIENT && exchange.madeHere()
                    ? switch (exchange.reach()) {
                        case ASKED -> count == 1 ? "; the app was asked once" : "; the app was asked once each";
                        case NOT_ASKED -> "; the app was not asked";
                        case UNSAID -> "";
                    }
                    : "";
            return made + asked;
        }

        /** Whether this proxy was the client's side of it. */
        boolean outbound() {
            return example.side() == Side.CLIENT;
        }
    }

    void add(Hop hop) {
        var entry = hop.entry();
        var answer = "%s %s %s"
                .formatted(
                        entry.text(LogField.RESPONSE_CODE).orElse("-"),
                        entry.text(LogField.RESPONSE_FLAGS).orElse("-"),
                        entry.text(LogField.RESPONSE_CODE_DETAILS).orElse("-"));
        var key = new Key(
                answer,
                entry.text(LogField.METHOD).orElse("-"),
                path(entry.text(LogField.PATH).orElse("-")),
                hop.side(),
                hop.exchange().madeHere(),
                hop.exchange().reach());
        var way = ways.get(key);
        if (way == null && ways.size() >= MAX_WAYS) {
            left++;
            return;
        }
        var counted = way == null ? new Counted(hop) : way;
        counted.count++;
        counted.last = hop;
        ways.put(key, counted);
    }

    /** Of a path that differs with each request the query is what differs most. */
    static String path(String path) {
        int query = path.indexOf('?');
        var bare = query < 0 ? path : path.substring(0, query);
        return bare.length() > MAX_PATH ? bare.substring(0, MAX_PATH) + "…" : bare;
    }

    /** The most frequent first. */
    List<Way> ways() {
        var found = new ArrayList<Way>();
        ways.forEach((key, counted) ->
                found.add(new Way(counted.count, key.answer(), key.method(), key.path(), counted.last)));
        found.sort(Comparator.comparingLong(Way::count).reversed());
        return found;
    }

    /** How many were of further ways. */
    long left() {
        return left;
    }
}
