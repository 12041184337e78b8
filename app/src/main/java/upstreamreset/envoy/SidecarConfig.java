// SPDX-License-Identifier: Apache-2.0
package upstreamreset.envoy;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import upstreamreset.envoy.install.EnvoyException;
import upstreamreset.output.JsonTree;
import upstreamreset.scenario.ConfigEdit;

/**
 * One sidecar's listener and cluster: istiod's own, read from the resource, with only the changes that a static Envoy
 * on loopback needs. Each change has its reason beside it; {@code IstiodFidelityTest} allows no others.
 */
final class SidecarConfig {
    private final Sidecar sidecar;
    final ObjectNode listener;
    final ObjectNode cluster;

    /** @param endpoints where a client's sidecar reads its upstream's address from, once that is known */
    SidecarConfig(Sidecar sidecar, Path endpoints) throws EnvoyException {
        this.sidecar = sidecar;
        var template = switch (sidecar.destination()) {
            case Sidecar.App _ -> JsonTree.resource(SidecarConfig.class, "sidecar-inbound.json");
            case Sidecar.Upstream _ -> JsonTree.resource(SidecarConfig.class, "sidecar-outbound.json");
        };
        listener = (ObjectNode) template.required("listener");
        cluster = (ObjectNode) template.required("cluster");
        switch (sidecar.destination()) {
            case Sidecar.App(var app) -> inbound(app);
            case Sidecar.Upstream upstream -> {
                var routes = (ObjectNode) template.required("routeConfig");
                if (upstream.anyHost()) {
                    anyHost(routes);
                }
                outbound(routes, endpoints);
            }
        }
        listen();
        rename();
        for (var edit : sidecar.edits()) {
            if (edit.part() != ConfigEdit.Part.BOOTSTRAP) {
                JsonTree.merge(part(edit.part()), patch(edit));
            }
        }
    }

    private void listen() {
        // Several can run on one machine, and as anyone: a free port of loopback.
        listener.set("address", address(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0)));
        listener.remove("additionalAddresses");
    }

    private void inbound(InetSocketAddress app) {
        // No iptables rule redirects 8080 to us: the chain must match our own port, whichever it is.
        ((ObjectNode) chain().required("filterChainMatch")).remove("destinationPort");
        // istiod switches the HTTP inspector off for port 8080, which is declared HTTP: off for our port.
        for (var filter : listener.withArray("listenerFilters")) {
            if (filter.required("name").asString().equals("envoy.filters.listener.http_inspector")) {
                ((ObjectNode) filter).putObject("filterDisabled").put("anyMatch", true);
            }
        }
        // Nothing is redirected, so there is no original destination to go to: the app's address instead.
        cluster.put("type", "STATIC");
        cluster.remove("cleanupInterval");
        // CLUSTER_PROVIDED goes only with ORIGINAL_DST (Envoy refuses it); with one endpoint every policy is the same.
        cluster.remove("lbPolicy");
        cluster.set("loadAssignment", assignment(clusterName(sidecar), app));
        // Linux has all of 127.0.0.0/8 up, macOS only 127.0.0.1; and from loopback one reaches only loopback.
        if (!System.getProperty("os.name").startsWith("Linux")
                || !(app.getAddress() instanceof Inet4Address)
                || !app.getAddress().isLoopbackAddress()) {
            cluster.remove("upstreamBindConfig");
        }
    }

    private void outbound(ObjectNode routeConfig, Path endpoints) throws EnvoyException {
        // istiod's outbound listeners get their connections from virtualOutbound; here clients connect to it.
        listener.remove("bindToPort");
        // No istiod: the routes it would have served stand in the listener.
        var manager = part(ConfigEdit.Part.CONNECTION_MANAGER);
        manager.remove("rds");
        manager.set("routeConfig", routeConfig);
        // No istiod: the endpoint is read from a file, written when the upstream sidecar's port is known.
        var eds = (ObjectNode) cluster.required("edsClusterConfig").required("edsConfig");
        eds.remove("ads");
        eds.set("pathConfigSource", JsonTree.object().put("path", endpoints.toString()));
    }

    /** The app has no name in a mesh: so the name that a client uses must not send a request elsewhere. */
    private static void anyHost(ObjectNode routeConfig) {
        var hosts = (ArrayNode) routeConfig.required("virtualHosts");
        while (hosts.size() > 1) {
            hosts.remove(1);
        }
        ((ObjectNode) hosts.required(0)).putArray("domains").add("*");
    }

    private void rename() throws EnvoyException {
        listener.put("name", sidecar.listener());
        var route = (ObjectNode) part(ConfigEdit.Part.ROUTE).required("route");
        var name = clusterName(sidecar);
        cluster.put("name", name);
        cluster.put("altStatName", name + ";");
        route.put("cluster", name);
        if (cluster.get("edsClusterConfig") instanceof ObjectNode eds) {
            eds.put("serviceName", name);
        }
    }

    /** The cluster's name: istiod's; for a sidecar with another name, istiod's with that name behind it. */
    static String clusterName(Sidecar sidecar) {
        return switch (sidecar.destination()) {
            case Sidecar.App _ ->
                "inbound|8080||" + (sidecar.listener().equals(Sidecar.INBOUND) ? "" : sidecar.listener());
            case Sidecar.Upstream _ ->
                "outbound|8080||http-chunked.default.svc.cluster.local"
                        + (sidecar.listener().equals(Sidecar.OUTBOUND) ? "" : "." + sidecar.listener());
        };
    }

    private JsonNode chain() {
        return listener.required("filterChains").required(0);
    }

    /** The sidecar's changes to its Envoy. */
    void editBootstrap(ObjectNode bootstrap) throws EnvoyException {
        for (var edit : sidecar.edits()) {
            if (edit.part() == ConfigEdit.Part.BOOTSTRAP) {
                JsonTree.merge(bootstrap, patch(edit));
            }
        }
    }

    private ObjectNode part(ConfigEdit.Part part) throws EnvoyException {
        var manager = (ObjectNode) chain().required("filters").required(0).required("typedConfig");
        return switch (part) {
            case LISTENER -> listener;
            case CLUSTER -> cluster;
            case CONNECTION_MANAGER -> manager;
            case ROUTE -> {
                var hosts = manager.at("/routeConfig/virtualHosts/0/routes/0");
                if (!(hosts instanceof ObjectNode route)) {
                    throw new EnvoyException("an edit of listener " + sidecar.listener() + " removed its route, and a"
                            + " later one edits it; put the edits of ROUTE first");
                }
                yield route;
            }
            case BOOTSTRAP -> throw new IllegalArgumentException("not a part of a sidecar");
        };
    }

    private ObjectNode patch(ConfigEdit edit) throws EnvoyException {
        try {
            if (JsonTree.read(edit.mergePatch()) instanceof ObjectNode patch) {
                return patch;
            }
        } catch (JacksonException e) {
            throw new EnvoyException(
                    "the edit of %s is not JSON (%s): %s"
                            .formatted(edit.part(), e.getOriginalMessage(), edit.mergePatch()),
                    e);
        }
        throw new EnvoyException("the edit of %s is not a JSON object: %s".formatted(edit.part(), edit.mergePatch()));
    }

    /** A {@code ClusterLoadAssignment} with one endpoint. */
    static ObjectNode assignment(String cluster, InetSocketAddress endpoint) {
        var assignment = JsonTree.object().put("clusterName", cluster);
        var endpoints = assignment.putArray("endpoints").addObject().putArray("lbEndpoints");
        endpoints.addObject().putObject("endpoint").set("address", address(endpoint));
        return assignment;
    }

    private static ObjectNode address(InetSocketAddress address) {
        var node = JsonTree.object();
        node.putObject("socketAddress")
                .put("address", address.getAddress().getHostAddress())
                .put("portValue", address.getPort());
        return node;
    }
}
