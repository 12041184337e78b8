// SPDX-License-Identifier: Apache-2.0
package upstreamreset.lab;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
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

/**
 * The app or a raw origin for each scenario, a tap, and a real Envoy with the sidecars as istiod and the scenarios configure
 * them, running together from {@link #start} to {@link #close}. {@link #reproduce} sends one request at a time, from one thread:
 * every new log line is about that request.
 */
public final class Lab implements AutoCloseable {
    /** The Host that curl would send: the app's name in the mesh. */
    private static final String HOST = "http-chunked:8080";

    /** Traffic beyond that, under {@code reproduce --keep}, is in no capture. */
    private static final long MAX_BYTES = 256L << 20;

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    /** How long Envoy may take to close its connection to the app after it has answered the client. */
    private static final Duration CLOSE_TIMEOUT = Duration.ofMillis(500);

    private final EnvoyBinary binary;
    private final Options options;
    private final Tap tap = new Tap(MAX_BYTES, Tap.MAX_CONNECTIONS);
    private final Map<String, ScenarioRoute> routes = new LinkedHashMap<>();
    private final Envoys envoys = new Envoys();
    private Optional<AppServer> app = Optional.empty();

    private Lab(EnvoyBinary binary, Options options) {
        this.binary = binary;
        this.options = options;
    }

    /**
     * What the lab consists of.
     *
     * @param clientSidecar whether a client's sidecar is in front of the app's, as between two injected Pods
     * @param grace how long the client stays after Envoy has logged the request: Envoy closes a connection whose response it
     *     cut only a second later
     */
    public record Options(boolean clientSidecar, ServeOptions app, Duration grace) {
        /** With a client that stays to the end. */
        public Options(boolean clientSidecar, ServeOptions app) {
            this(clientSidecar, app, app.period().plusSeconds(10));
        }

        /** How long the client waits for the next byte. */
        Duration patience() {
            return app.period().plusSeconds(10);
        }
    }

    /**
     * Starts everything that {@code scenarios} need on free loopback ports, the app while Envoy boots.
     *
     * @throws IOException when a part does not start; the message says which and why
     */
    public static Lab start(EnvoyBinary binary, Options options, List<Scenario> scenarios)
            throws IOException, InterruptedException {
        var lab = new Lab(binary, options);
        try {
            lab.boot(scenarios);
            return lab;
        } catch (IOException | InterruptedException | RuntimeException e) {
            lab.close(); // as far as it has come
            throw e;
        }
    }

    private void boot(List<Scenario> scenarios) throws IOException, InterruptedException {
        var appPort = tap.port();
        for (var scenario : scenarios) {
            var name = ScenarioRoute.name(scenario);
            if (!routes.containsKey(name)) {
                routes.put(name, ScenarioRoute.of(scenario, appPort, tap, options.clientSidecar()));
            }
        }
        envoys.boot(binary, routes.values());
        if (routes.containsKey(Sidecar.INBOUND)) {
            var server = AppServer.start(options.app());
            app = Optional.of(server);
            appPort.passOnTo(
                    new InetSocketAddress(InetAddress.getByName(options.app().host()), server.port()));
        }
        envoys.awaitReady();
    }

    /** The address at which a client requests {@code scenario}: the sidecar next to it. */
    public URI uri(Scenario scenario) {
        return URI.create("http://127.0.0.1:" + entrance(scenario).getPort() + scenario.path());
    }

    /** The address of the app or the origin of {@code scenario}, without Envoy. */
    public URI appUri(Scenario scenario) {
        var origin = route(scenario).origin();
        return (origin.isPresent()
                        ? URI.create(
                                "http://127.0.0.1:" + origin.get().address().getPort())
                        : app.orElseThrow().uri())
                .resolve(scenario.path());
    }

    public String envoyVersion() {
        return binary.version();
    }

    private ScenarioRoute route(Scenario scenario) {
        var route = routes.get(ScenarioRoute.name(scenario));
        if (route == null) {
            throw new IllegalArgumentException("the lab was not started for " + scenario.name());
        }
        return route;
    }

    private InetSocketAddress entrance(Scenario scenario) {
        var route = route(scenario);
        return envoys.of(route).listener(route.entrance());
    }

    /** Hands each event on the tap from now on to {@code listener} too, as it comes, and to {@code problems} what the tap refuses. */
    public void listen(Consumer<StreamEvent> listener, Consumer<String> problems) {
        tap.listen(listener, problems);
    }

    /** The output of each Envoy. */
    public List<EnvoyOutput> outputs() {
        return envoys.outputs();
    }

    /** What passed between Envoy and the apps since the start, until {@link #overflown}. */
    public List<StreamEvent> events() {
        return tap.events();
    }

    /** Whether more passed than is kept. */
    public boolean overflown() {
        return tap.overflown();
    }

    /**
     * Requests one scenario and reports what client, proxies, wire and codec saw.
     *
     * @throws IOException when the lab itself failed: Envoy died, or does not log
     */
    public Reproduction reproduce(Scenario scenario) throws IOException, InterruptedException {
        var route = route(scenario);
        var output = envoys.of(route).output();
        int logged = output.mark();
        int passed = tap.events().size();
        int called = route.calls().orElse(0);
        try (var client = client(scenario)) {
            var sidecars = SidecarLog.await(output, logged, scenario.request().times(), route.hasClientSidecar());
            var answer = client.result(options.grace());
            var wire = wire(scenario, passed);
            if (tap.overflown()) {
                throw new IOException("more passed between Envoy and the app than the %d MB that are kept"
                        .formatted(MAX_BYTES >> 20));
            }
            var counted =
                    route.calls().map(calls -> wire.withCalls(calls - called)).orElse(wire);
            return Reproduction.of(
                    scenario, answer, new EnvoyLog(binary.version(), sidecars, codecReason(output, logged)), counted);
        }
    }

    /** An external client, which sends requests to the sidecar next to it. */
    interface Client {
        void ask(URI entrance) throws IOException, InterruptedException;
    }

    /**
     * What was seen of a request of another client.
     *
     * @param calls how often it reached the origin; empty for the app, which does not count
     */
    record Asked(SidecarLog log, String codecReason, Optional<Integer> calls) {}

    /** Lets {@code client} request a scenario once, in its own way. */
    Asked ask(Scenario scenario, Client client) throws IOException, InterruptedException {
        var route = route(scenario);
        var output = envoys.of(route).output();
        int logged = output.mark();
        int called = route.calls().orElse(0);
        client.ask(uri(scenario));
        var sidecars = SidecarLog.await(output, logged, 1, route.hasClientSidecar());
        return new Asked(
                sidecars.getLast(), codecReason(output, logged), route.calls().map(calls -> calls - called));
    }

    /** Sends the request as curl does. */
    private ScenarioClient client(Scenario scenario) throws IOException {
        var request = scenario.request();
        var silence = request.leaveAfter().orElse(options.patience());
        return new ScenarioClient(
                Transport.connect(entrance(scenario), CONNECT_TIMEOUT),
                request,
                request.onTheWire(scenario.path(), HOST),
                () -> RawExchange.Receiver.untilComplete(silence));
    }

    /** The app's bytes, once they are complete or Envoy has closed the connection. */
    private UpstreamWire wire(Scenario scenario, int mark) throws InterruptedException {
        return scenario.source() instanceof Source.Nobody
                ? UpstreamWire.NONE
                : tap.await(
                        events -> UpstreamWire.of(scenario.request().method(), events, mark, binary.version()),
                        UpstreamWire::settled,
                        CLOSE_TIMEOUT);
    }

    private static String codecReason(EnvoyOutput output, int mark) throws IOException {
        return output.codecMessages(mark).stream()
                .flatMap(message -> message.reason().stream())
                .reduce((_, last) -> last)
                .orElse("");
    }

    @Override
    public void close() {
        envoys.close();
        tap.close();
        routes.values().forEach(route -> route.origin().ifPresent(RawOrigin::close));
        app.ifPresent(AppServer::close);
    }
}
