// SPDX-License-Identifier: Apache-2.0
package upstreamreset.server;

import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import upstreamreset.election.kubernetes.Candidacy;

/** {@code /metrics}: the app's counts in Prometheus's text format; the library is loaded by the first scrape. */
final class MetricsHandler implements HttpHandler {
    private final ResponseCounters responses;
    private final Streams streams;
    private final Supplier<Candidacy> election;
    private @Nullable PrometheusRegistry registry;

    MetricsHandler(ResponseCounters responses, Streams streams, Supplier<Candidacy> election) {
        this.responses = responses;
        this.streams = streams;
        this.election = election;
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) throws IOException {
        var writer = PrometheusTextFormatWriter.create();
        var body = new ByteArrayOutputStream();
        writer.write(body, registry().scrape(), EscapingScheme.UNDERSCORE_ESCAPING);
        exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, writer.getContentType());
        exchange.getResponseSender().send(ByteBuffer.wrap(body.toByteArray()));
    }

    private synchronized PrometheusRegistry registry() {
        if (registry == null) {
            registry = new PrometheusRegistry();
            register(registry);
        }
        return registry;
    }

    private void register(PrometheusRegistry into) {
        CounterWithCallback.builder()
                .name("http_requests_total")
                .help("Requests by path and status.")
                .labelNames("path", "status")
                .callback(counter -> responses.forEach(
                        (label, count) -> counter.call((double) count, label.path(), Integer.toString(label.status()))))
                .register(into);
        gauge(into, "streams_open", "Streams that run now.", streams::running);
        counter(into, "streams_completed_total", "Streams that were sent to their end.", streams::completedCount);
        counter(into, "streams_aborted_total", "Streams whose client left.", streams::abortedCount);
        gauge(into, "process_resident_memory_bytes", "Resident memory.", ResidentMemory::bytes);
        ElectionMetrics.register(into, election);
    }

    private static void counter(PrometheusRegistry into, String name, String help, DoubleSupplier value) {
        CounterWithCallback.builder()
                .name(name)
                .help(help)
                .callback(counter -> counter.call(value.getAsDouble()))
                .register(into);
    }

    private static void gauge(PrometheusRegistry into, String name, String help, DoubleSupplier value) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .callback(gauge -> gauge.call(value.getAsDouble()))
                .register(into);
    }
}
