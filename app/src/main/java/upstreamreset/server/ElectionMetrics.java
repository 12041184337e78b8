// SPDX-License-Identifier: Apache-2.0
package upstreamreset.server;

import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import upstreamreset.election.ElectionInsight;

/** The election's plain values as Prometheus metrics; NaN where there is no value. */
final class ElectionMetrics {
    private ElectionMetrics() {}

    static void register(PrometheusRegistry into, ElectionInsight election) {
        gauge(into, election, "leader_election_leading", "1 while this replica leads.", each -> each.leading() ? 1 : 0);
        gauge(
                into,
                election,
                "leader_election_lease_transitions",
                "The Lease's own count of acquisitions.",
                ElectionInsight.Figures::transitions);
        gauge(
                into,
                election,
                "leader_election_renewal_age_seconds",
                "Since the last successful renewal was sent; while leading.",
                each -> orNaN(each.sinceRenewal()));
        gauge(
                into,
                election,
                "leader_election_clock_skew_seconds",
                "How far the leader's wall clock is ahead of ours; while another leads.",
                each -> orNaN(each.skew()));
        CounterWithCallback.builder()
                .name("leader_election_slow_renewals_total")
                .help("Renewals that took more than one call.")
                .callback(counter -> counter.call((double) election.figures().slowRenewals()))
                .register(into);
        CounterWithCallback.builder()
                .name("leader_mesh_checks_total")
                .help("What became of the leader's requests through the mesh.")
                .labelNames("path", "outcome")
                .callback(counter -> election.figures()
                        .verdicts()
                        .forEach((verdict, count) -> counter.call((double) count, verdict.path(), verdict.outcome())))
                .register(into);
    }

    private static void gauge(
            PrometheusRegistry into,
            ElectionInsight election,
            String name,
            String help,
            ToDoubleFunction<ElectionInsight.Figures> value) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .callback(gauge -> gauge.call(value.applyAsDouble(election.figures())))
                .register(into);
    }

    private static double orNaN(OptionalDouble value) {
        return value.orElse(Double.NaN);
    }
}
