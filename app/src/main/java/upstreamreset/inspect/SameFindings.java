// SPDX-License-Identifier: Apache-2.0
package upstreamreset.inspect;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Tells the first response of its kind from repetitions: those from the same server, for the same path, with the same
 * status, rules and verdict of Envoy. It remembers a bounded number of kinds; any further kind counts as new each time.
 */
public final class SameFindings {
    private static final int MAX_KINDS = 10_000;
    private static final int MAX_STREAMS = 10;

    private final Map<String, Kind> kinds = new LinkedHashMap<>();

    /** One kind. */
    static final class Kind {
        private final InspectedResponse first;
        private final List<String> streams = new ArrayList<>();
        private long more;

        private Kind(InspectedResponse first) {
            this.first = first;
        }

        /** How many there are but the first. */
        long more() {
            return more;
        }

        InspectedResponse first() {
            return first;
        }

        /** For example {@code and 2 more the same: streams 4, 7}. */
        String text() {
            return "and %d more the same: stream%s %s%s"
                    .formatted(
                            more,
                            streams.size() == 1 ? "" : "s",
                            String.join(", ", streams),
                            streams.size() == MAX_STREAMS ? ", …" : "");
        }
    }

    /** Whether nothing was the same before. */
    public boolean isFirst(InspectedResponse response) {
        var key = key(response);
        var kind = kinds.get(key);
        if (kind == null) {
            if (kinds.size() < MAX_KINDS) {
                kinds.put(key, new Kind(response));
            }
            return true;
        }
        kind.more++;
        var stream = Integer.toString(response.stream());
        if (kind.streams.size() < MAX_STREAMS && !kind.streams.contains(stream)) {
            kind.streams.add(stream);
        }
        return false;
    }

    /** The first of a kind with a note of how many more there are. */
    public InspectedResponse withCount(InspectedResponse first) {
        var kind = kinds.get(key(first));
        return kind == null || kind.more == 0 || !kind.first.sameAs(first) ? first : first.noted(kind.text());
    }

    /** Those that came more than once, in the order of their first. */
    List<Kind> repeated() {
        return kinds.values().stream().filter(kind -> kind.more > 0).toList();
    }

    private static String key(InspectedResponse response) {
        var judged = response.judged();
        var target = judged.request().target();
        int query = target.indexOf('?');
        var key = new StringBuilder(response.endpoints().serverText());
        key.append(' ').append(judged.request().method());
        key.append(' ').append(query < 0 ? target : target.substring(0, query));
        key.append(' ').append(judged.status());
        key.append(' ').append(judged.envoy().outcome().text());
        key.append(' ').append(judged.envoy().status());
        key.append(' ').append(judged.envoy().flags());
        key.append(' ').append(judged.envoy().message());
        judged.findings().forEach(each -> key.append(' ').append(each.rule().id()));
        return key.toString();
    }
}
