// SPDX-License-Identifier: Apache-2.0
package upstreamreset.server;

import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.StatusCodes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import upstreamreset.election.Candidacy;
import upstreamreset.election.ElectionStatus;

/**
 * {@code /metrics}: the counts of app and election in Prometheus's text format, NaN for no value; the first scrape
 * loads the library.
 */
final class MetricsHandler implements HttpHandler {
    /** The labels under which a response is counted. */
    private record Label(String path, int status) {}

    private final Map<Label, LongAdder> responses = new ConcurrentHashMap<>();
    private final Streams streams;
    private final Connections connections;
    private final Supplier<Candidacy> election;
    private @Nullable PrometheusRegistry registry;

    MetricsHandler(Streams streams, Connections connections, Supplier<Candidacy> election) {
        this.streams = streams;
        this.connections = connections;
        this.election = election;
    }

    /** Counts a response. */
    void count(String path, int status) {
        responses.computeIfAbsent(new Label(path, status), _ -> new LongAdder()).increment();
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) throws IOException {
        var writer = PrometheusTextFormatWriter.create();
        var body = new ByteArrayOutputStream();
        writer.write(body, registry().scrape(), EscapingScheme.UNDERSCORE_ESCAPING);
        if (!ConnectionGuard.of(exchange).holdsAnswer(body.size())) {
            Responses.text(
                    exchange, StatusCodes.SERVICE_UNAVAILABLE, "Too many unread answers at once; ask again later.");
            return;
        }
        Responses.send(exchange, writer.getContentType(), ByteBuffer.wrap(body.toByteArray()));
    }

    private synchronized PrometheusRegistry registry() {
        if (registry == null) {
            registry = new PrometheusRegistry();
            register(registry);
        }
        return registry;
    }

    private void register(PrometheusRegistry into) {
        counter(
                into,
                "http_requests_total",
                "Responses by path and status; path refused: by a bound, before the path counted.",
                counter -> {
                    responses.forEach((label, count) ->
                            counter.call((double) count.sum(), label.path(), Integer.toString(label.status())));
                    connections.eachAnswer(
                            (status, count) -> counter.call((double) count, "refused", Integer.toString(status)));
                },
                "path",
                "status");
        gauge(into, "streams_open", "Streams that run now.", streams::running);
        counter(
                into,
                "streams_completed_total",
                "Streams that were sent to their end.",
                counter -> counter.call((double) streams.completedCount()));
        counter(
                into,
                "streams_aborted_total",
                "Streams whose client left.",
                counter -> counter.call((double) streams.abortedCount()));
        gauge(into, "connections_open", "Connections that are open now.", connections::count);
        gauge(
                into,
                "request_memory_bytes",
                "Estimated memory of unfinished heads and unread answers.",
                () -> connections.memory().taken());
        counter(
                into,
                "connections_refused_total",
                "Connections that the app ended on its own account, by reason.",
                counter -> connections.eachRefusal((why, count) -> counter.call((double) count, why.label())),
                "reason");
        gauge(into, "process_resident_memory_bytes", "Resident memory.", ResidentMemory::bytes);
        gauge(into, "leader_election_leading", "1 while this replica leads.", () -> status().leading() ? 1 : 0);
        gauge(
                into,
                "leader_election_lease_transitions",
                "The Lease's own count of acquisitions.",
                () -> status().transitions());
        gauge(
                into,
                "leader_election_renewal_age_seconds",
                "Since the last successful renewal was sent; while leading.",
                () -> secondsOrNaN(status().sinceRenewal(System.nanoTime())));
        gauge(
                into,
                "leader_election_clock_skew_seconds",
                "How far the leader's wall clock is ahead of ours; while another leads.",
                () -> secondsOrNaN(status().skew()));
        counter(
                into,
                "leader_election_slow_renewals_total",
                "Renewals that took more than one call.",
                counter -> counter.call((double) status().slowRenewals()));
        counter(
                into,
                "leader_mesh_checks_total",
                "What became of the leader's requests through the mesh.",
                counter -> election.get()
                        .meshChecks()
                        .forEach((label, count) -> counter.call((double) count, label.path(), label.outcome())),
                "path",
                "outcome");
    }

    private ElectionStatus status() {
        return election.get().status();
    }

    private static void counter(
            PrometheusRegistry into,
            String name,
            String help,
            Consumer<CounterWithCallback.Callback> value,
            String... labels) {
        CounterWithCallback.builder()
                .name(name)
                .help(help)
                .labelNames(labels)
                .callback(value)
                .register(into);
    }

    private static void gauge(PrometheusRegistry into, String name, String help, DoubleSupplier value) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .callback(gauge -> gauge.call(value.getAsDouble()))
                .register(into);
    }

    private static double secondsOrNaN(Optional<Duration> time) {
        return time.map(each -> each.toNanos() / 1e9).orElse(Double.NaN);
    }
}
