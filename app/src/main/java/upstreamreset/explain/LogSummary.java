// SPDX-License-Identifier: Apache-2.0
package upstreamreset.explain;

import java.util.List;

/**
 * A whole log in numbers.
 *
 * @param lines all that were read
 * @param requests the access-log lines among them
 * @param failed those of the requests that failed at the hop that logged them
 * @param foreign the unknown lines; {@code firstForeign} says why the first is unknown
 * @param causes how often each cause occurs, the most frequent first; likewise hosts and paths of failed requests
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
