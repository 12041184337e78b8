// SPDX-License-Identifier: Apache-2.0
package upstreamreset.server;

import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import upstreamreset.election.ElectionStatus;
import upstreamreset.election.kubernetes.Candidacy;

/** The election's status as Prometheus metrics; NaN where there is no value. */
final class ElectionMetrics {
    private ElectionMetrics() {}

    static void register(PrometheusRegistry into, Supplier<Candidacy> election) {
        gauge(into, election, "leader_election_leading", "1 while this replica leads.", each -> each.leading() ? 1 : 0);
        gauge(
                into,
                election,
                "leader_election_lease_transitions",
                "The Lease's own count of acquisitions.",
                ElectionStatus::transitions);
        gauge(
                into,
                election,
                "leader_election_renewal_age_seconds",
                "Since the last successful renewal was sent; while leading.",
                each -> secondsOrNaN(each.sinceRenewal(System.nanoTime())));
        gauge(
                into,
                election,
                "leader_election_clock_skew_seconds",
                "How far the leader's wall clock is ahead of ours; while another leads.",
                each -> secondsOrNaN(each.skew()));
        CounterWithCallback.builder()
                .name("leader_election_slow_renewals_total")
                .help("Renewals that took more than one call.")
                .callback(
                        counter -> counter.call((double) election.get().status().slowRenewals()))
                .register(into);
        CounterWithCallback.builder()
                .name("leader_mesh_checks_total")
                .help("What became of the leader's requests through the mesh.")
                .labelNames("path", "outcome")
                .callback(counter -> election.get()
                        .meshChecks()
                        .forEach((label, count) -> counter.call((double) count, label.path(), label.outcome())))
                .register(into);
    }

    private static void gauge(
            PrometheusRegistry into,
            Supplier<Candidacy> election,
            String name,
            String help,
            ToDoubleFunction<ElectionStatus> value) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .callback(gauge -> gauge.call(value.applyAsDouble(election.get().status())))
                .register(into);
    }

    private static double secondsOrNaN(Optional<Duration> time) {
        return time.map(each -> each.toNanos() / 1e9).orElse(Double.NaN);
    }
}
