// SPDX-License-Identifier: Apache-2.0
package upstreamreset.explain;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Counts by name, with a bound on the names that a hostile log can make up. */
final class TopCounts {
    private static final int MAX_NAMES = 10_000;
    private static final String OTHERS = "(others)";

    private final Map<String, Long> counts = new HashMap<>();

    void add(String name) {
        counts.merge(counts.size() < MAX_NAMES || counts.containsKey(name) ? name : OTHERS, 1L, Long::sum);
    }

    /** The most frequent first, at most {@code limit}. */
    List<LogSummary.Count> top(int limit) {
        return counts.entrySet().stream()
                .map(entry -> new LogSummary.Count(entry.getKey(), entry.getValue()))
                .sorted(Comparator.comparingLong(LogSummary.Count::count)
                        .reversed()
                        .thenComparing(LogSummary.Count::name))
                .limit(limit)
                .toList();
    }
}
