// SPDX-License-Identifier: Apache-2.0
package upstreamreset.explain;

import java.util.List;

/**
 * A whole log in numbers.
 *
 * @param lines all that were read
 * @param requests those that are access-log lines
 * @param failed those of the requests that failed at the hop that logged them
 * @param foreign those that are neither; {@code firstForeign} says why the first is not
 * @param causes how often each way to fail occurs, the most frequent first; so with hosts and paths of the failed
 */
public record LogSummary(
        long lines,
        long requests,
        long failed,
        long foreign,
        String firstForeign,
        List<Count> causes,
        List<Count> hosts,
        List<Count> paths) {
    public LogSummary {
        causes = List.copyOf(causes);
        hosts = List.copyOf(hosts);
        paths = List.copyOf(paths);
    }

    public record Count(String name, long count) {}
}
