// SPDX-License-Identifier: Apache-2.0
package upstreamreset.lab;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import upstreamreset.accesslog.AccessLogEntry;
import upstreamreset.accesslog.AccessLogParser;
import upstreamreset.accesslog.LogField;
import upstreamreset.accesslog.ParsedLine;
import upstreamreset.accesslog.Side;
import upstreamreset.envoy.EnvoyOutput;
import upstreamreset.envoy.Sidecar;
import upstreamreset.envoy.install.EnvoyBinary;
import upstreamreset.http1.RawExchange;
import upstreamreset.http1.Transport;
import upstreamreset.origin.RawOrigin;
import upstreamreset.scenario.Scenario;
import upstreamreset.scenario.Source;
import upstreamreset.server.AppServer;
import upstreamreset.server.ServeOptions;
import upstreamreset.tcp.StreamEvent;
import upstreamreset.verdict.JudgedResponse;

/**
 * The app or a raw origin for each scenario, a tap, and a real Envoy with the sidecars as istiod and the scenarios configure
 * them, running together from {@link #start} to {@link #close}; {@link #reproduce} asks through them, one scenario at a time,
 * from one thread: so a line of a log can only be about that one.
 */
public final class Lab implements AutoCloseable {
    /** What curl would send as Host: the name by which the mesh knows the app. */
    private static final String HOST = "http-chunked:8080";

    private static final Duration LOG_TIMEOUT = Duration.ofSeconds(10);

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    /** For Envoy to close its connection to the app after it has answered the client. */
    private static final Duration CLOSE_TIMEOUT = Duration.ofMillis(500);

    private final Optional<AppServer> app;
    private final Tap tap;
    private final Map<String, ScenarioRoute> stations;
    private final Envoys envoys;
    private final EnvoyBinary binary;
    private final Options options;

    private Lab(
            Tap tap,
            Optional<AppServer> app,
            Map<String, ScenarioRoute> stations,
            Envoys envoys,
            EnvoyBinary binary,
            Options options) {
        this.tap = tap;
        this.app = app;
        this.stations = stations;
        this.envoys = envoys;
        this.binary = binary;
        this.options = options;
    }

    /**
     * What the lab consists of.
     *
     * @param clientSidecar whether a client's sidecar stands in front of the app's, as between two injected Pods
     * @param grace how long the client stays after Envoy has logged the request: Envoy closes a connection whose response it
     *     cut only a second later
     */
    public record Options(boolean clientSidecar, ServeOptions app, Duration grace) {
        /** With a client that stays to the end. */
        public Options(boolean clientSidecar, ServeOptions app) {
            this(clientSidecar, app, app.period().plusSeconds(10));
        }

        /** How long the client waits for one more byte. */
        Duration patience() {
            return app.period().plusSeconds(10);
        }
    }

    /** A lab for the scenarios that the app itself serves. */
    public static Lab start(EnvoyBinary binary, Options options) throws IOException, InterruptedException {
        return start(binary, options, List.of());
    }

    /**
     * Starts everything that {@code scenarios} need on free loopback ports, the app while Envoy boots.
     *
     * @throws IOException when a part does not start; the message says which and why
     */
    public static Lab start(EnvoyBinary binary, Options options, List<Scenario> scenarios)
            throws IOException, InterruptedException {
        var tap = new Tap();
        var stations = new LinkedHashMap<String, ScenarioRoute>();
        try {
            var port = tap.port();
            if (scenarios.isEmpty()) {
                stations.put(Sidecar.INBOUND, ScenarioRoute.ofApp(port.address(), options.clientSidecar()));
            }
            for (var scenario : scenarios) {
                var name = ScenarioRoute.name(scenario);
                if (!stations.containsKey(name)) {
                    stations.put(
                            name,
                            name.equals(Sidecar.INBOUND)
                                    ? ScenarioRoute.ofApp(port.address(), options.clientSidecar())
                                    : ScenarioRoute.of(scenario, tap, options.clientSidecar()));
                }
            }
            var envoys = Envoys.boot(binary, List.copyOf(stations.values()));
            try {
                var app = app(options, stations, port);
                try {
                    envoys.awaitReady();
                    return new Lab(tap, app, stations, envoys, binary, options);
                } catch (IOException | InterruptedException | RuntimeException e) {
                    app.ifPresent(AppServer::close);
                    throw e;
                }
            } catch (IOException | InterruptedException | RuntimeException e) {
                envoys.close();
                throw e;
            }
        } catch (IOException | InterruptedException | RuntimeException e) {
            close(tap, stations);
            throw e;
        }
    }

    private static Optional<AppServer> app(Options options, Map<String, ScenarioRoute> stations, Tap.Port port)
            throws IOException {
        if (!stations.containsKey(Sidecar.INBOUND)) {
            return Optional.empty();
        }
        var app = AppServer.start(options.app());
        port.passOnTo(new InetSocketAddress(InetAddress.getByName(options.app().host()), app.port()));
        return Optional.of(app);
    }

    /** Where one asks for {@code scenario}: the sidecar next to the client. */
    public URI uri(Scenario scenario) {
        return URI.create("http://127.0.0.1:" + entrance(scenario).getPort() + scenario.path());
    }

    /** Where the one who answers listens, without any Envoy. */
    public URI appUri(Scenario scenario) {
        var origin = station(scenario).origin();
        return (origin.isPresent()
                        ? URI.create(
                                "http://127.0.0.1:" + origin.get().address().getPort())
                        : app.orElseThrow().uri())
                .resolve(scenario.path());
    }

    public String envoyVersion() {
        return binary.version();
    }

    private ScenarioRoute station(Scenario scenario) {
        var station = stations.get(ScenarioRoute.name(scenario));
        if (station == null) {
            throw new IllegalArgumentException("the lab was not started for " + scenario.name());
        }
        return station;
    }

    private InetSocketAddress entrance(Scenario scenario) {
        var station = station(scenario);
        return envoys.of(station).listener(station.entrance());
    }

    /** All that passed between Envoy and the apps since the start. */
    public List<StreamEvent> events() {
        return tap.events();
    }

    /**
     * Asks for one scenario and says what client, proxies, wire and codec saw.
     *
     * @throws IOException when the lab itself failed: Envoy died, or does not log
     */
    public Reproduction reproduce(Scenario scenario) throws IOException, InterruptedException {
        var station = station(scenario);
        var bytes = scenario.request().onTheWire(scenario.path(), HOST);
        var output = envoys.of(station).output();
        int mark = output.mark();
        int passed = tap.events().size();
        int called = station.origin().map(RawOrigin::calls).orElse(0);
        try (var client = client(scenario, bytes)) {
            var lines = lines(output, mark, station, scenario);
            var answer = client.result(options.grace());
            var wire = station.origin().isPresent() && scenario.source() instanceof Source.Nobody
                    ? UpstreamWire.NONE
                    : tap.await(
                            events -> UpstreamWire.of(
                                    scenario.request().method(), events, passed, binary.version()),
                            UpstreamWire::settled,
                            CLOSE_TIMEOUT);
            var codec = output.codecMessages(mark).stream()
                    .flatMap(message -> message.reason().stream())
                    .reduce((_, last) -> last)
                    .orElse("");
            var found = hops(lines);
            var request = new JudgedResponse.Request(
                    scenario.request().method(),
                    scenario.request().target(scenario.path()),
                    found.getLast().entry().text(LogField.REQUEST_ID));
            int calls = station.origin().map(origin -> origin.calls() - called).orElse(wire.calls());
            return Comparison.of(scenario, request, answer, found, wire, calls, codec, binary.version());
        }
    }

    /** Asks as curl does. */
    private ScenarioClient client(Scenario scenario, byte[] bytes) throws IOException {
        var request = scenario.request();
        var silence = request.leaveAfter().orElse(options.patience());
        return ScenarioClient.ask(
                Transport.connect(entrance(scenario), CONNECT_TIMEOUT),
                request,
                bytes,
                () -> RawExchange.Receiver.untilComplete(silence));
    }

    /** With two hops either may log first: where one of them gives up, the other sees it a little later. */
    private static List<String> lines(EnvoyOutput output, int mark, ScenarioRoute station, Scenario scenario)
            throws IOException, InterruptedException {
        if (station.hops() == 1) {
            return output.awaitAccessLog(mark, scenario.request().times(), LOG_TIMEOUT);
        }
        output.awaitAccessLog(mark, Lab::isClient, LOG_TIMEOUT);
        output.awaitAccessLog(mark, line -> !isClient(line), LOG_TIMEOUT);
        return output.accessLog(mark);
    }

    private static boolean isClient(String line) {
        return line.contains(" outbound|8080||");
    }

    /** The last line of each hop, the client's first. */
    private static List<Reproduction.Hop> hops(List<String> lines) throws IOException {
        var found = new ArrayList<Reproduction.Hop>();
        var lasts = new ArrayList<String>();
        lines.stream().filter(Lab::isClient).reduce((_, last) -> last).ifPresent(lasts::add);
        lasts.add(lines.stream()
                .filter(line -> !isClient(line))
                .reduce((_, last) -> last)
                .orElseThrow());
        for (var line : lasts) {
            switch (AccessLogParser.istio().parse(line)) {
                case AccessLogEntry entry -> found.add(new Reproduction.Hop(Side.of(entry), line, entry));
                case ParsedLine.Misfit misfit ->
                    throw new IOException("Envoy's access log is not in Istio's format: " + misfit.why());
            }
        }
        return found;
    }

    @Override
    public void close() {
        envoys.close();
        close(tap, stations);
        app.ifPresent(AppServer::close);
    }

    private static void close(Tap tap, Map<String, ScenarioRoute> stations) {
        tap.close();
        for (var station : stations.values()) {
            station.origin().ifPresent(RawOrigin::close);
        }
    }
}
