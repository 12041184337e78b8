// SPDX-License-Identifier: Apache-2.0
package upstreamreset.diagnose;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import upstreamreset.explain.Explanation;
import upstreamreset.explain.Hop;

/**
 * The content of a proxy's log for the given time.
 *
 * @param since the length of that time
 * @param failures the ways in which requests failed, the most frequent first
 * @param others how many failed in further ways
 * @param explanations of an example of each
 * @param problem why it is empty or incomplete; one sentence
 * @param followed the Pods whose logs were read too, because a line pointed to them
 */
public record SidecarLog(
        Duration since,
        long requests,
        long failed,
        long foreign,
        List<Failures.Way> failures,
        long others,
        List<Explanation> explanations,
        Optional<String> problem,
        List<String> followed) {
    static final String OFF = "its access log is off";

    public SidecarLog {
        failures = List.copyOf(failures);
        explanations = List.copyOf(explanations);
        followed = List.copyOf(followed);
    }

    /** Whether the proxy keeps no access log at all. */
    boolean isOff() {
        return problem.equals(Optional.of(OFF));
    }

    static SidecarLog unread(Duration since, String problem) {
        return new SidecarLog(since, 0, 0, 0, List.of(), 0, List.of(), Optional.of(problem), List.of());
    }

    SidecarLog because(String problem) {
        return new SidecarLog(
                since, requests, failed, foreign, failures, others, explanations, Optional.of(problem), followed);
    }

    /** The most frequent failure of {@code path}, or of any; of a path, a sidecar's requests to others do not count. */
    Optional<Failures.Way> worst(Optional<String> path, boolean gateway) {
        return failures.stream()
                .filter(way -> path.isEmpty() || way.path().equals(Failures.path(path.get())))
                .filter(way -> path.isEmpty() || gateway || !way.outbound())
                .findFirst();
    }

    /** What explains a way to fail: that of its example, else of another line that says the same. */
    Optional<Explanation> explanation(Failures.Way way) {
        var example = way.example();
        return explanations.stream()
                .filter(each -> each.hops().stream().anyMatch(hop -> hop.entry().equals(example.entry())))
                .findFirst()
                .or(() -> explanations.stream()
                        .filter(each -> saysTheSame(each.culprit(), example))
                        .findFirst());
    }

    static boolean saysTheSame(Hop one, Hop other) {
        return one.side() == other.side()
                && one.exchange().status() == other.exchange().status()
                && one.entry().flags().equals(other.entry().flags())
                && one.entry().details().equals(other.entry().details());
    }
}
