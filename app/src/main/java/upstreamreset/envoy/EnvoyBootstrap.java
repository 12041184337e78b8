// SPDX-License-Identifier: Apache-2.0
package upstreamreset.envoy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;
import upstreamreset.envoy.install.EnvoyException;
import upstreamreset.output.JsonTree;
import upstreamreset.scenario.ConfigEdit;

/**
 * The configuration of one Envoy: sidecars as istiod configures them, each on a free loopback port, and the admin
 * interface.
 */
public record EnvoyBootstrap(List<Sidecar> sidecars) {
    static final String CONFIG = "bootstrap.json";

    public EnvoyBootstrap {
        sidecars = List.copyOf(sidecars);
        var names = new HashSet<String>();
        for (var sidecar : sidecars) {
            if (!names.add(sidecar.listener())) {
                throw new IllegalArgumentException("two sidecars are called " + sidecar.listener());
            }
        }
        for (var sidecar : sidecars) {
            if (sidecar.destination() instanceof Sidecar.Upstream(var upstream, var _) && !names.contains(upstream)) {
                throw new IllegalArgumentException(sidecar.listener() + " goes to " + upstream + ", which is not here");
            }
        }
    }

    /** The app's sidecar alone. */
    public static EnvoyBootstrap inbound(InetSocketAddress app) {
        return new EnvoyBootstrap(List.of(Sidecar.inbound(app)));
    }

    /** Whether an overload manager watches something, and so whether the first look has to be awaited. */
    boolean hasOverloadManager() {
        return sidecars.stream()
                .flatMap(sidecar -> sidecar.edits().stream())
                .anyMatch(edit -> edit.part() == ConfigEdit.Part.BOOTSTRAP
                        && edit.mergePatch().contains("\"overloadManager\""));
    }

    /** Envoy's whole configuration. Endpoint files are named in {@code folder}. */
    ObjectNode config(Path folder) throws IOException {
        var bootstrap = (ObjectNode) JsonTree.read("""
                {
                  "node": {
                    "id": "sidecar~127.0.0.1~http-chunked-0.default~default.svc.cluster.local",
                    "cluster": "http-chunked.default"
                  },
                  "admin": {"address": {"socketAddress": {"address": "127.0.0.1", "portValue": 0}}}
                }
                """);
        var resources = bootstrap.putObject("staticResources");
        var listeners = resources.putArray("listeners");
        var clusters = resources.putArray("clusters");
        for (int i = 0; i < sidecars.size(); i++) {
            var sidecar = new SidecarConfig(sidecars.get(i), endpoints(folder, i));
            listeners.add(sidecar.listener);
            clusters.add(sidecar.cluster);
            sidecar.editBootstrap(bootstrap);
        }
        return bootstrap;
    }

    /** Writes what Envoy needs to start: the configuration, and for each client's sidecar that it has no endpoint yet. */
    void write(Path folder) throws IOException {
        for (int i = 0; i < sidecars.size(); i++) {
            if (sidecars.get(i).destination() instanceof Sidecar.Upstream) {
                Files.writeString(endpoints(folder, i), "{\"resources\":[]}");
            }
        }
        Files.writeString(folder.resolve(CONFIG), JsonTree.text(config(folder)));
    }

    /**
     * Tells each client's sidecar where its upstream listens, by the atomic rename that Envoy's file subscription waits for;
     * returns the names of the clusters that get an endpoint by it.
     */
    List<String> connect(Path folder, Map<String, InetSocketAddress> listening) throws IOException {
        var clusters = new ArrayList<String>();
        for (int i = 0; i < sidecars.size(); i++) {
            if (sidecars.get(i).destination() instanceof Sidecar.Upstream(var upstream, var _)) {
                var address = listening.get(upstream);
                if (address == null) {
                    throw new EnvoyException("Envoy has no listener " + upstream + "; it has " + listening.keySet());
                }
                var name = SidecarConfig.clusterName(sidecars.get(i));
                var resources = JsonTree.object();
                var assignment = SidecarConfig.assignment(name, address);
                assignment.put("@type", "type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment");
                resources.putArray("resources").add(assignment);
                var fresh = folder.resolve("endpoints.new");
                Files.writeString(fresh, JsonTree.text(resources));
                Files.move(fresh, endpoints(folder, i), StandardCopyOption.ATOMIC_MOVE);
                clusters.add(name);
            }
        }
        return clusters;
    }

    private static Path endpoints(Path folder, int sidecar) {
        return folder.resolve("endpoints-" + sidecar + ".json");
    }
}
