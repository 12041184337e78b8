// SPDX-License-Identifier: Apache-2.0
package upstreamreset.pod;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import upstreamreset.kubernetes.ApiException;
import upstreamreset.kubernetes.Failure;
import upstreamreset.kubernetes.KubeApi;
import upstreamreset.kubernetes.KubeRequest;
import upstreamreset.wire.Printable;

/**
 * The readable Istio resources that affect a port of a Pod.
 *
 * @param mtls {@code STRICT}, {@code PERMISSIVE} or {@code DISABLE}; empty if it could not be read
 * @param mtlsBy the PeerAuthentication that says so; empty for Istio's default
 * @param touching other resources that affect the port, one sentence each
 * @param unread unreadable parts, one sentence each
 */
public record MeshPolicies(Optional<String> mtls, Optional<String> mtlsBy, List<String> touching, List<String> unread) {
    /** The namespace of mesh-wide resources, unless the mesh has another one. */
    private static final String ROOT = "istio-system";

    private static final String PERMISSIVE = "PERMISSIVE";

    public MeshPolicies {
        touching = List.copyOf(touching);
        unread = List.copyOf(unread);
    }

    public boolean strict() {
        return mtls.equals(Optional.of("STRICT"));
    }

    /** Reads them. A mesh that does not have a kind of resource has none of it. */
    public static MeshPolicies of(KubeApi api, Pod pod, AppPort port) throws InterruptedException {
        var reader = new Reader(api, pod, port);
        reader.peerAuthentications();
        reader.destinationRules();
        reader.envoyFilters();
        return new MeshPolicies(
                reader.unreadMtls ? Optional.empty() : Optional.of(reader.mtls),
                reader.mtlsBy,
                reader.touching,
                reader.unread);
    }

    private static final class Reader {
        private final KubeApi api;
        private final Pod pod;
        private final AppPort port;
        private final List<String> touching = new ArrayList<>();
        private final List<String> unread = new ArrayList<>();
        private String mtls = PERMISSIVE;
        private Optional<String> mtlsBy = Optional.empty();
        private boolean unreadMtls;

        Reader(KubeApi api, Pod pod, AppPort port) {
            this.api = api;
            this.pod = pod;
            this.port = port;
        }

        /** The mesh's, the namespace's, the workload's, the port's: each overrules those before it. */
        void peerAuthentications() throws InterruptedException {
            var found = new ArrayList<JsonNode>();
            for (var namespace : namespaces()) {
                var list = list("security.istio.io/v1", "peerauthentications", namespace);
                unreadMtls |= list.isEmpty();
                list.ifPresent(found::addAll);
            }
            for (int level = 0; level < 3; level++) {
                for (var each : found) {
                    if (level(each) == level) {
                        apply(each);
                    }
                }
            }
        }

        private int level(JsonNode policy) {
            boolean here = namespace(policy).equals(pod.namespace());
            var labels = policy.path("spec").path("selector").path("matchLabels");
            if (!labels.isEmpty()) {
                return here && selects(labels) ? 2 : -1;
            }
            return here ? 1 : 0;
        }

        private void apply(JsonNode policy) {
            var spec = policy.path("spec");
            var mode = spec.path("portLevelMtls")
                    .path(Integer.toString(port.number()))
                    .path("mode")
                    .asString(spec.path("mtls").path("mode").asString("UNSET"));
            if (!mode.equals("UNSET")) {
                mtls = mode;
                mtlsBy = Optional.of("PeerAuthentication " + namespace(policy) + "/" + name(policy));
            }
        }

        void destinationRules() throws InterruptedException {
            if (port.service().isEmpty()) {
                return;
            }
            var service = port.service().get().service();
            for (var namespace : namespaces()) {
                for (var rule : list("networking.istio.io/v1", "destinationrules", namespace)
                        .orElse(List.of())) {
                    var host = rule.path("spec").path("host").asString("");
                    if (host.equals(service)
                            || host.equals(service + "." + pod.namespace())
                            || host.startsWith(service + "." + pod.namespace() + ".svc")) {
                        trafficPolicy(rule, rule.path("spec").path("trafficPolicy"));
                    }
                }
            }
        }

        /** Only what can break a response, or its connection. */
        private void trafficPolicy(JsonNode rule, JsonNode policy) {
            var said = new ArrayList<String>();
            var tls = policy.path("tls").path("mode").asString("ISTIO_MUTUAL");
            if (!tls.equals("ISTIO_MUTUAL")) {
                said.add("tls.mode " + tls);
            }
            var http = policy.path("connectionPool").path("http");
            for (var name :
                    List.of("h2UpgradePolicy", "idleTimeout", "maxRequestsPerConnection", "http1MaxPendingRequests")) {
                if (http.has(name)) {
                    said.add(name + " " + http.path(name).asString(""));
                }
            }
            if (!said.isEmpty()) {
                touching.add("DestinationRule %s/%s: %s"
                        .formatted(namespace(rule), name(rule), Printable.words(String.join(", ", said))));
            }
        }

        void envoyFilters() throws InterruptedException {
            for (var namespace : namespaces()) {
                for (var filter : list("networking.istio.io/v1alpha3", "envoyfilters", namespace)
                        .orElse(List.of())) {
                    var labels = filter.path("spec").path("workloadSelector").path("labels");
                    if (labels.isEmpty() || (namespace.equals(pod.namespace()) && selects(labels))) {
                        touching.add("EnvoyFilter %s/%s changes its proxy's configuration"
                                .formatted(namespace(filter), name(filter)));
                    }
                }
            }
        }

        private List<String> namespaces() {
            return pod.namespace().equals(ROOT) ? List.of(ROOT) : List.of(pod.namespace(), ROOT);
        }

        private boolean selects(JsonNode labels) {
            return pod.labels().entrySet().containsAll(Pod.strings(labels).entrySet());
        }

        private static String namespace(JsonNode object) {
            return object.path("metadata").path("namespace").asString("");
        }

        private static String name(JsonNode object) {
            return object.path("metadata").path("name").asString("");
        }

        /** Empty where it may not be read. */
        private Optional<List<JsonNode>> list(String api, String kind, String namespace) throws InterruptedException {
            try {
                return Optional.of(this.api
                        .call(KubeRequest.list(kind, "/apis/" + api + "/namespaces/" + namespace + "/" + kind))
                        .map(list -> list.path("items").valueStream().toList())
                        .orElse(List.of()));
            } catch (ApiException e) {
                unread.add(
                        e.failure().kind() == Failure.Kind.FORBIDDEN
                                ? "not permitted to list " + kind + " in namespace " + namespace
                                : e.failure().message());
                return Optional.empty();
            }
        }
    }
}
