// SPDX-License-Identifier: Apache-2.0
package upstreamreset.pod;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import upstreamreset.kubernetes.ApiException;
import upstreamreset.kubernetes.Failure;
import upstreamreset.kubernetes.KubeApi;
import upstreamreset.wire.Printable;

/** Lists the Istio resources that istiod may apply to a Pod: those of its namespace and of the mesh's, and of its revision. */
final class MeshResources {
    /** The namespace of mesh-wide resources, unless the mesh has another one. */
    static final String ROOT = "istio-system";

    private static final String REVISION = "istio.io/rev";
    private static final int MAX_OBJECTS = 2_000;

    private final KubeApi api;
    private final Pod pod;
    private final Map<String, List<String>> forbidden = new LinkedHashMap<>();
    private final List<String> failures = new ArrayList<>();
    private final List<String> ofOthers = new ArrayList<>();

    MeshResources(KubeApi api, Pod pod) {
        this.api = api;
        this.pod = pod;
    }

    /** The Pod's before the mesh's. */
    List<String> namespaces() {
        return pod.namespace().equals(ROOT) ? List.of(ROOT) : List.of(pod.namespace(), ROOT);
    }

    /**
     * Those of a kind in a namespace; empty if they could not be read. A mesh without this kind has none of it.
     *
     * @param versions of the API, the newest first: an older mesh serves an older one alone
     */
    Optional<List<JsonNode>> list(String group, List<String> versions, String kind, String namespace)
            throws InterruptedException {
        try {
            for (var version : versions) {
                var found = api.list(
                        kind, "/apis/" + group + "/" + version + "/namespaces/" + namespace + "/" + kind, MAX_OBJECTS);
                if (found.isPresent()) {
                    return Optional.of(
                            found.get().stream().filter(this::isOfRevision).toList());
                }
            }
            return Optional.of(List.of());
        } catch (ApiException e) {
            if (e.failure().kind() == Failure.Kind.FORBIDDEN) {
                forbidden.computeIfAbsent(namespace, _ -> new ArrayList<>()).add("list " + kind);
            } else {
                failures.add(e.failure().message());
            }
            return Optional.empty();
        }
    }

    /** A resource with a revision is for the proxies of that one alone. */
    private boolean isOfRevision(JsonNode resource) {
        var wanted = resource.path("metadata").path("labels").path(REVISION).asString("");
        boolean ours = wanted.isEmpty()
                || pod.revision().isEmpty()
                || wanted.equals(pod.revision())
                || wanted.equals(pod.labels().get(REVISION));
        if (!ours) {
            ofOthers.add("%s %s is for revision %s, and the sidecar is of %s: left out"
                    .formatted(
                            Printable.words(resource.path("kind").asString("the resource")),
                            name(resource),
                            Printable.words(wanted),
                            Printable.words(pod.revision())));
        }
        return ours;
    }

    boolean selects(JsonNode labels) {
        return pod.labels().entrySet().containsAll(Pod.strings(labels).entrySet());
    }

    static String namespace(JsonNode resource) {
        return resource.path("metadata").path("namespace").asString("");
    }

    /** As {@code namespace/name}. */
    static String name(JsonNode resource) {
        return Printable.words(namespace(resource) + "/"
                + resource.path("metadata").path("name").asString(""));
    }

    /** Those of other revisions, one sentence each. */
    List<String> ofOthers() {
        return List.copyOf(ofOthers);
    }

    /** What could not be read, one sentence for each namespace, and for each other failure. */
    List<String> unread() {
        var unread = new ArrayList<String>();
        forbidden.forEach((namespace, rights) ->
                unread.add("not permitted in namespace " + namespace + ": " + String.join(", ", rights)));
        failures.stream().distinct().forEach(unread::add);
        return unread;
    }
}
