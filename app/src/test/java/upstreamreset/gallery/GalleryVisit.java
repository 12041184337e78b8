// SPDX-License-Identifier: Apache-2.0
package upstreamreset.gallery;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import upstreamreset.accesslog.AccessLogEntry;
import upstreamreset.accesslog.LogField;
import upstreamreset.envoy.EnvoyBootstrap;
import upstreamreset.envoy.EnvoyOutput;
import upstreamreset.envoy.EnvoyProcess;
import upstreamreset.envoy.install.EnvoyBinary;
import upstreamreset.http1.FieldLine;
import upstreamreset.http1.FramingReport;
import upstreamreset.http1.ResponseReader;
import upstreamreset.probe.Exchange;
import upstreamreset.probe.Limits;
import upstreamreset.probe.Probe;
import upstreamreset.probe.ProbeRequest;
import upstreamreset.probe.ProbeResult;
import upstreamreset.probe.Target;
import upstreamreset.verdict.ObservedVerdict;
import upstreamreset.wire.Bytes;

/** Asks one server of the gallery each of its cases, directly and through a real Envoy in front of it. */
record GalleryVisit(EnvoyBinary binary, GalleryServer server) {
    private static final long MAX_BYTES = 1 << 20;
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    /** For a server that has not answered yet, and for a machine that has much to do. */
    private static final Duration LONG_PATIENCE = Duration.ofSeconds(5);

    private static final Duration LOG_TIMEOUT = Duration.ofMinutes(1);
    /** From this status on the body is the server's own page, which may say when and where it failed. */
    private static final int OWN_PAGES = 400;

    /** The machine's own, which is no part of what is pinned. */
    private static final Pattern PYTHON = Pattern.compile("Python/[0-9.]+");

    private static final List<String> FRAMING = List.of("transfer-encoding", "content-length", "connection");

    /** A row for each case, in their order. One that is not as known is asked for again. */
    List<GalleryRow> rows(Path log) throws IOException, InterruptedException {
        try (var upstream = new Upstream();
                var running = RunningServer.start(server, upstream.url(), log);
                var envoy = EnvoyProcess.start(binary, EnvoyBootstrap.inbound(running.address()))) {
            var _ = ask(running.port(), server.cases().getFirst(), LONG_PATIENCE);
            var known = GalleryRow.of(server.id());
            var rows = new ArrayList<GalleryRow>();
            for (var test : server.cases()) {
                var row = row(test, running, envoy, PATIENCE);
                rows.add(known.contains(row) ? row : row(test, running, envoy, LONG_PATIENCE));
            }
            return rows;
        }
    }

    private GalleryRow row(String test, RunningServer running, EnvoyProcess envoy, Duration patience)
            throws IOException, InterruptedException {
        var direct = ask(running.port(), test, patience);
        int mark = envoy.output().mark();
        var client = ask(envoy.inbound().getPort(), test, patience).exchanges().getFirst();
        var line = envoy.output().awaitAccessLog(mark, 1, LOG_TIMEOUT).getFirst();
        var message = envoy.output().codecMessages(mark).stream()
                .flatMap(each -> each.reason().stream())
                .findFirst()
                .orElse("");
        var entry = EnvoyOutput.entry(line);
        var server = direct.exchanges().getFirst();
        var seen = new ObservedVerdict.Seen(
                1,
                client.response(),
                client.response().status() >= OWN_PAGES || body(server).equals(body(client)));
        var verdict = ObservedVerdict.of(entry, message, binary.version(), seen);
        return new GalleryRow(
                this.server.id(),
                test,
                wire(server.response(), test.equals("ok")),
                direct.judged().getFirst().findings().stream()
                        .map(each -> each.rule().id())
                        .distinct()
                        .collect(Collectors.joining(" ")),
                envoy(entry),
                message,
                verdict.outcome().text());
    }

    private static ProbeResult.Answered ask(int port, String test, Duration patience) {
        var probe = new Probe(
                new ProbeRequest("GET", List.of(), Bytes.EMPTY),
                new Limits(patience, MAX_BYTES, false),
                EnvoyBinary.DEFAULT_VERSION);
        return switch (probe.one(Target.parse("http://127.0.0.1:" + port + "/" + test))) {
            case ProbeResult.Answered answered -> answered;
            case ProbeResult.Unreachable unreachable -> throw new AssertionError(unreachable.reason());
        };
    }

    private static Bytes body(Exchange exchange) {
        return ResponseReader.read(
                        "GET",
                        exchange.received().toArray(),
                        exchange.response().closedBy())
                .body();
    }

    private static String envoy(AccessLogEntry entry) {
        return "%s %s %s"
                .formatted(
                        entry.text(LogField.RESPONSE_CODE).orElse("-"),
                        entry.text(LogField.RESPONSE_FLAGS).orElse("-"),
                        entry.text(LogField.RESPONSE_CODE_DETAILS).orElse("-"));
    }

    private static String wire(FramingReport response, boolean whole) {
        var lines = new ArrayList<String>();
        if (response.status() != 0) {
            lines.add((response.version() + " " + response.status() + " " + response.reason()));
        }
        for (var field : response.fields()) {
            if (whole || FRAMING.stream().anyMatch(field::is)) {
                lines.add(text(response, field));
            }
        }
        if (!response.complete()) {
            lines.add(response.closedBy().bySender() ? "<" + response.closedBy().text() + ">" : "<nothing more>");
        }
        return String.join(" / ", lines);
    }

    /** Without what is another one each time, or on each machine. */
    private static String text(FramingReport response, FieldLine field) {
        boolean changes = field.is("date") || (response.status() >= OWN_PAGES && field.is("content-length"));
        return field.name() + ": "
                + (changes ? "…" : PYTHON.matcher(field.value()).replaceAll("Python/…"));
    }
}
