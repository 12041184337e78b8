// SPDX-License-Identifier: Apache-2.0
package upstreamreset.pod;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/**
 * Whether a port takes mTLS, by the PeerAuthentications: the mesh's, the namespace's, the workload's, the port's, each of which
 * overrules those before it; of several of one rank the oldest counts.
 *
 * @param mode {@code STRICT}, {@code PERMISSIVE} or {@code DISABLE}; empty if it could not be read
 * @param by the PeerAuthentication that says so; empty for Istio's default
 */
record MutualTls(Optional<String> mode, Optional<String> by) {
    private static final String KIND = "peerauthentications";
    private static final String UNSET = "UNSET";

    static MutualTls of(MeshResources resources, Pod pod, int port) throws InterruptedException {
        boolean inRoot = pod.namespace().equals(MeshResources.ROOT);
        var mesh = list(resources, MeshResources.ROOT);
        var own = inRoot ? Optional.of(List.<JsonNode>of()) : list(resources, pod.namespace());
        if (own.isEmpty()) {
            return new MutualTls(Optional.empty(), Optional.empty());
        }
        // In the mesh's namespace a PeerAuthentication with a selector has no effect.
        var workload = oldest(own.get(), each -> !labels(each).isEmpty() && resources.selects(labels(each)));
        var level = workload.filter(each -> !portMode(each, port).equals(UNSET))
                .or(() -> workload.filter(MutualTls::isSet))
                .or(() -> oldest(own.get(), each -> labels(each).isEmpty()).filter(MutualTls::isSet));
        if (level.isEmpty() && mesh.isEmpty()) {
            return new MutualTls(Optional.empty(), Optional.empty());
        }
        var decides = level.or(() ->
                oldest(mesh.orElse(List.of()), each -> labels(each).isEmpty()).filter(MutualTls::isSet));
        var mode = decides.map(each -> workload.filter(each::equals)
                        .map(found -> portMode(found, port))
                        .filter(found -> !found.equals(UNSET))
                        .orElse(mode(each)))
                .orElse("PERMISSIVE");
        return new MutualTls(Optional.of(mode), decides.map(each -> "PeerAuthentication " + MeshResources.name(each)));
    }

    private static Optional<List<JsonNode>> list(MeshResources resources, String namespace)
            throws InterruptedException {
        return resources.list("security.istio.io", List.of("v1", "v1beta1"), KIND, namespace);
    }

    private static Optional<JsonNode> oldest(List<JsonNode> policies, Predicate<JsonNode> wanted) {
        return policies.stream()
                .filter(wanted)
                .min(Comparator.comparing(
                        each -> each.path("metadata").path("creationTimestamp").asString("")));
    }

    private static JsonNode labels(JsonNode policy) {
        return policy.path("spec").path("selector").path("matchLabels");
    }

    private static boolean isSet(JsonNode policy) {
        return !mode(policy).equals(UNSET);
    }

    private static String mode(JsonNode policy) {
        return policy.path("spec").path("mtls").path("mode").asString(UNSET);
    }

    private static String portMode(JsonNode policy, int port) {
        return policy.path("spec")
                .path("portLevelMtls")
                .path(Integer.toString(port))
                .path("mode")
                .asString(UNSET);
    }
}
