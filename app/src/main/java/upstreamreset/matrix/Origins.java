// SPDX-License-Identifier: Apache-2.0
package upstreamreset.matrix;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import upstreamreset.origin.RawOrigin;
import upstreamreset.scenario.Scenario;
import upstreamreset.scenario.Source;
import upstreamreset.server.AppServer;
import upstreamreset.server.ServeOptions;

/** The apps of the scenarios, each on a free loopback port, for all implementations but Envoy, whose lab has its own. */
final class Origins implements AutoCloseable {
    private final Map<String, RawOrigin> raw = new LinkedHashMap<>();
    private final Optional<AppServer> app;

    private Origins(Optional<AppServer> app) {
        this.app = app;
    }

    static Origins start(List<Scenario> scenarios, ServeOptions options) throws IOException {
        boolean served = scenarios.stream().anyMatch(scenario -> scenario.source() instanceof Source.App);
        var origins = new Origins(served ? Optional.of(AppServer.start(options)) : Optional.empty());
        try {
            for (var scenario : scenarios) {
                if (!(scenario.source() instanceof Source.App) && !origins.raw.containsKey(scenario.name())) {
                    origins.raw.put(scenario.name(), RawOrigin.of(scenario.source()));
                }
            }
            return origins;
        } catch (IOException | RuntimeException e) {
            origins.close();
            throw e;
        }
    }

    /** The address where the scenario's app listens, or refuses connections. */
    InetSocketAddress address(Scenario scenario) {
        var origin = raw.get(scenario.name());
        return origin != null
                ? origin.address()
                : new InetSocketAddress(
                        InetAddress.getLoopbackAddress(), app.orElseThrow().port());
    }

    /** The URL for a client directly at the app. */
    String uri(Scenario scenario) {
        return "http://127.0.0.1:" + address(scenario).getPort() + scenario.path();
    }

    @Override
    public void close() {
        raw.values().forEach(RawOrigin::close);
        app.ifPresent(Origins::drain);
    }

    /** A stream whose client has left ends at its next chunk: cut off before that, Undertow complains. */
    private static void drain(AppServer app) {
        try (app) {
            app.drain();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
