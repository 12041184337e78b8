// SPDX-License-Identifier: Apache-2.0
package upstreamreset.diagnose;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import upstreamreset.explain.TunnelFailures;
import upstreamreset.pod.Pod;

/**
 * What the proxies of Istio's ambient mode logged of a Pod that has no sidecar, or what a ztunnel logged of all Pods of its node.
 *
 * @param since how much of the logs was read
 * @param ztunnel whose log of connections it is, as {@code pod/NAME in NAMESPACE}; empty where none was found
 * @param connections the lines that name the Pod
 * @param failed those of them with an error
 * @param failures the ways in which they failed, the most frequent first
 * @param waypoints the waypoints whose logs of requests were read, as {@code pod/NAME in NAMESPACE}
 * @param problems why the logs tell nothing, or not all, a sentence each
 * @param command what reads ztunnel's log, for somebody who may; empty where it was read
 */
public record AmbientLog(
        Duration since,
        String ztunnel,
        long connections,
        long failed,
        List<TunnelFailures.Way> failures,
        List<String> waypoints,
        List<String> problems,
        String command) {
    public AmbientLog {
        failures = List.copyOf(failures);
        waypoints = List.copyOf(waypoints);
        problems = List.copyOf(problems);
    }

    /** The most frequent failure of a connection to {@code pod}; those that it opened itself are its client's side. */
    Optional<TunnelFailures.Way> worstTo(Pod pod) {
        return failures.stream()
                .filter(way -> way.example()
                        .text("dst.workload")
                        .map(pod.name()::equals)
                        .orElseGet(() -> !way.example().outbound()))
                .findFirst();
    }
}
