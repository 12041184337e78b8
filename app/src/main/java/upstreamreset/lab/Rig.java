// SPDX-License-Identifier: Apache-2.0
package upstreamreset.lab;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import upstreamreset.envoy.EnvoyBinary;
import upstreamreset.envoy.EnvoyBootstrap;
import upstreamreset.envoy.EnvoyProcess;
import upstreamreset.envoy.Sidecar;
import upstreamreset.origin.RawOrigin;
import upstreamreset.scenario.Mesh;
import upstreamreset.scenario.Scenario;
import upstreamreset.scenario.Source;

/**
 * One Envoy with the sidecars of many scenarios, each with its own origin and, in it, its own configuration. One scenario at a
 * time, so that a line of the log or of the codec can only be about it; run several rigs for more at once.
 */
public final class Rig implements AutoCloseable {
    private static final Duration LOG_TIMEOUT = Duration.ofSeconds(10);

    /** For the last bytes to reach the client. Envoy holds a cut connection open for a second more; nobody waits for that. */
    private static final Duration GRACE = Duration.ofMillis(100);

    private static final String CLIENT = "client-of-";

    private final EnvoyProcess envoy;
    private final Map<String, RawOrigin> origins;

    private Rig(EnvoyProcess envoy, Map<String, RawOrigin> origins) {
        this.envoy = envoy;
        this.origins = origins;
    }

    /** Starts the origins and Envoy. {@code app} is where the app itself listens, for the scenarios that it serves. */
    public static Rig start(EnvoyBinary binary, List<Scenario> scenarios, InetSocketAddress app)
            throws IOException, InterruptedException {
        var origins = new LinkedHashMap<String, RawOrigin>();
        try {
            var sidecars = new ArrayList<Sidecar>();
            for (var scenario : scenarios) {
                var address = app;
                if (!(scenario.source() instanceof Source.App)) {
                    var origin = RawOrigin.of(scenario.source());
                    origins.put(scenario.name(), origin);
                    address = origin.address();
                }
                sidecars.addAll(sidecars(scenario, address));
            }
            return new Rig(EnvoyProcess.start(binary, new EnvoyBootstrap(sidecars)), origins);
        } catch (IOException | InterruptedException | RuntimeException e) {
            for (var origin : origins.values()) {
                origin.close();
            }
            throw e;
        }
    }

    private static List<Sidecar> sidecars(Scenario scenario, InetSocketAddress app) {
        var sidecars = new ArrayList<Sidecar>();
        sidecars.add(edited(
                Sidecar.inbound(app).named(scenario.name()), scenario.mesh().sidecar()));
        scenario.mesh()
                .client()
                .ifPresent(edits ->
                        sidecars.add(edited(Sidecar.outbound(scenario.name()).named(CLIENT + scenario.name()), edits)));
        return sidecars;
    }

    private static Sidecar edited(Sidecar sidecar, List<Mesh.Edit> edits) {
        var edited = sidecar;
        for (var edit : edits) {
            edited = edited.with(part(edit.part()), edit.mergePatch());
        }
        return edited;
    }

    private static Sidecar.Part part(Mesh.Part part) {
        return switch (part) {
            case LISTENER -> Sidecar.Part.LISTENER;
            case MANAGER -> Sidecar.Part.CONNECTION_MANAGER;
            case ROUTE -> Sidecar.Part.ROUTE;
            case CLUSTER -> Sidecar.Part.CLUSTER;
        };
    }

    /** Asks for one scenario, and says what client, proxies and codec saw. Not from several threads. */
    public Observed run(Scenario scenario) throws IOException, InterruptedException {
        boolean two = scenario.mesh().client().isPresent();
        var origin = origins.get(scenario.name());
        int before = origin == null ? 0 : origin.calls();
        int mark = envoy.output().mark();
        try (var client = RigClient.ask(envoy.listener(two ? CLIENT + scenario.name() : scenario.name()), scenario)) {
            var lines = lines(mark, two, scenario.request().times());
            var codec = envoy.output().codecMessages(mark).stream()
                    .flatMap(message -> message.reason().stream())
                    .reduce((_, last) -> last)
                    .orElse("");
            return Observed.of(lines, codec, origin == null ? 0 : origin.calls() - before, client.got(GRACE));
        }
    }

    /** The lines about one scenario. With two hops either may log first: the other one sees the end a little later. */
    private List<String> lines(int mark, boolean two, int times) throws IOException, InterruptedException {
        if (!two) {
            return envoy.output().awaitAccessLog(mark, times, LOG_TIMEOUT);
        }
        envoy.output().awaitAccessLog(mark, Observed::isClient, LOG_TIMEOUT);
        envoy.output().awaitAccessLog(mark, line -> !Observed.isClient(line), LOG_TIMEOUT);
        return envoy.output().accessLog(mark);
    }

    @Override
    public void close() throws IOException {
        envoy.close();
        for (var origin : origins.values()) {
            origin.close();
        }
    }
}
