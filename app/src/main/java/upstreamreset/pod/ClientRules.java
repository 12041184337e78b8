// SPDX-License-Identifier: Apache-2.0
package upstreamreset.pod;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import tools.jackson.databind.JsonNode;
import upstreamreset.wire.Printable;

/**
 * What the DestinationRules tell the mesh's clients of a port of a Service.
 *
 * @param tls what they begin their connections with, if a rule says so to all of them
 * @param touching the settings that can break a response or its connection, one sentence for each rule
 */
record ClientRules(Optional<ClientTls> tls, List<String> touching) {
    private static final List<String> SETTINGS =
            List.of("h2UpgradePolicy", "idleTimeout", "maxRequestsPerConnection", "http1MaxPendingRequests");

    ClientRules {
        touching = List.copyOf(touching);
    }

    /** A rule of the Service's own namespace comes before one of the mesh's, and an exact host before a wildcard. */
    static ClientRules of(MeshResources resources, Pod pod, ServicePort port) throws InterruptedException {
        var found = new ArrayList<JsonNode>();
        // What could not be read may come before those of the mesh.
        boolean unread = false;
        for (var namespace : resources.namespaces()) {
            var list = resources.list("networking.istio.io", List.of("v1", "v1beta1"), "destinationrules", namespace);
            var rules = list.orElse(List.of());
            var best = rules.stream()
                    .filter(each -> isVisible(each, pod))
                    .map(each -> rank(each, pod, port))
                    .flatMapToInt(OptionalInt::stream)
                    .max();
            if (found.isEmpty() && !unread && best.isPresent()) {
                rules.stream()
                        .filter(each ->
                                isVisible(each, pod) && rank(each, pod, port).equals(best))
                        .sorted(Comparator.comparing(each ->
                                each.path("metadata").path("creationTimestamp").asString("")))
                        .forEach(found::add);
            }
            unread |= list.isEmpty();
        }
        var touching = new ArrayList<String>();
        Optional<ClientTls> tls = Optional.empty();
        // Of several rules for one host the oldest policy is the one of all.
        boolean decided = false;
        for (var rule : found) {
            var policy = policy(rule.path("spec").path("trafficPolicy"), port);
            say(rule, "", policy).ifPresent(touching::add);
            for (var subset : rule.path("spec").path("subsets")) {
                if (resources.selects(subset.path("labels"))) {
                    var name = "subset " + Printable.words(subset.path("name").asString("")) + ": ";
                    say(rule, name, policy(subset.path("trafficPolicy"), port)).ifPresent(touching::add);
                }
            }
            var mode = policy.path("tls").path("mode").asString("");
            if (!decided && !rule.path("spec").has("workloadSelector")) {
                decided = rule.path("spec").has("trafficPolicy");
                tls = Optional.of(mode).filter(each -> !each.isEmpty()).map(each -> new ClientTls(each, title(rule)));
            }
        }
        return new ClientRules(tls, touching);
    }

    /** The mesh's rules may be meant for its own namespace alone. */
    private static boolean isVisible(JsonNode rule, Pod pod) {
        var exported = rule.path("spec")
                .path("exportTo")
                .valueStream()
                .map(JsonNode::asString)
                .toList();
        return MeshResources.namespace(rule).equals(pod.namespace())
                || exported.isEmpty()
                || exported.contains("*")
                || exported.contains(pod.namespace());
    }

    /** How exactly a rule's host names the Service; empty if it does not. A host with a dot is no short name. */
    private static OptionalInt rank(JsonNode rule, Pod pod, ServicePort port) {
        var host = rule.path("spec").path("host").asString("");
        var own = port.service() + "." + pod.namespace() + ".svc.";
        boolean shortName =
                host.equals(port.service()) && MeshResources.namespace(rule).equals(pod.namespace());
        if (shortName || host.startsWith(own)) {
            return OptionalInt.of(Integer.MAX_VALUE);
        }
        boolean wildcard =
                host.equals("*") || (host.startsWith("*.") && (own + "cluster.local").endsWith(host.substring(1)));
        return wildcard ? OptionalInt.of(host.length()) : OptionalInt.empty();
    }

    /** A policy for the port stands in the place of the whole one for all ports. */
    private static JsonNode policy(JsonNode ofAllPorts, ServicePort port) {
        return ofAllPorts
                .path("portLevelSettings")
                .valueStream()
                .filter(each -> each.path("port").path("number").asInt(0) == port.number())
                .findFirst()
                .orElse(ofAllPorts);
    }

    private static Optional<String> say(JsonNode rule, String of, JsonNode policy) {
        var said = new ArrayList<String>();
        var mode = policy.path("tls").path("mode").asString("ISTIO_MUTUAL");
        if (!mode.equals("ISTIO_MUTUAL")) {
            said.add("tls.mode " + mode);
        }
        var http = policy.path("connectionPool").path("http");
        for (var name : SETTINGS) {
            if (http.has(name)) {
                said.add(name + " " + http.path(name).asString(""));
            }
        }
        return said.isEmpty()
                ? Optional.empty()
                : Optional.of(title(rule) + ": " + of + Printable.words(String.join(", ", said)));
    }

    private static String title(JsonNode rule) {
        return "DestinationRule " + MeshResources.name(rule);
    }
}
