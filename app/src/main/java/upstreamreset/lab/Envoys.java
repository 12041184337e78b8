// SPDX-License-Identifier: Apache-2.0
package upstreamreset.lab;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import upstreamreset.envoy.EnvoyBootstrap;
import upstreamreset.envoy.EnvoyOutput;
import upstreamreset.envoy.EnvoyProcess;
import upstreamreset.envoy.install.EnvoyBinary;

/** The Envoys of a lab: one for all routes, and one more for each route that changes the configuration of a whole Envoy. */
final class Envoys implements AutoCloseable {
    private final List<FutureTask<EnvoyProcess>> booting = new ArrayList<>();
    private final Map<ScenarioRoute, FutureTask<EnvoyProcess>> ofRoute = new HashMap<>();

    /** Starts to boot them, each on a thread of its own. */
    void boot(EnvoyBinary binary, Collection<ScenarioRoute> routes) {
        var groups = new LinkedHashMap<Object, List<ScenarioRoute>>();
        for (var route : routes) {
            groups.computeIfAbsent(route.needsOwnEnvoy() ? route : "shared", _ -> new ArrayList<>())
                    .add(route);
        }
        for (var group : groups.values()) {
            var sidecars =
                    group.stream().flatMap(route -> route.sidecars().stream()).toList();
            var task = new FutureTask<>(() -> EnvoyProcess.start(binary, new EnvoyBootstrap(sidecars)));
            booting.add(task);
            group.forEach(route -> ofRoute.put(route, task));
            Thread.ofPlatform().daemon().name("lab-envoy").start(task);
        }
    }

    /** Waits until all are ready. */
    void awaitReady() throws IOException, InterruptedException {
        for (var task : booting) {
            Futures.result(task);
        }
    }

    /** The one that the route's sidecars are in; they are all ready. */
    EnvoyProcess of(ScenarioRoute route) {
        var task = ofRoute.get(route);
        if (task == null) {
            throw new IllegalArgumentException("no route of this lab");
        }
        return task.resultNow();
    }

    /** Their output; they are all ready. */
    List<EnvoyOutput> outputs() {
        return booting.stream().map(task -> task.resultNow().output()).toList();
    }

    /** Ends them all; one that still boots, when it has booted. */
    @Override
    public void close() {
        for (var task : booting) {
            try {
                Futures.result(task).close();
            } catch (IOException | RuntimeException e) {
                // it did not start
            } catch (InterruptedException e) {
                task.cancel(true);
                Thread.currentThread().interrupt();
            }
        }
    }
}
