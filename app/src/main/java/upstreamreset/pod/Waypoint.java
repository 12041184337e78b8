// SPDX-License-Identifier: Apache-2.0
package upstreamreset.pod;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import upstreamreset.kubernetes.ApiException;
import upstreamreset.kubernetes.Failure;
import upstreamreset.kubernetes.KubeApi;
import upstreamreset.kubernetes.KubeRequest;

/** The waypoint through which requests to a Pod in ambient mode go: which Gateway a label names, the Service's before the Pod's before the namespace's. */
public record Waypoint(String namespace, String name) {
    private static final String LABEL = "istio.io/use-waypoint";
    private static final String OF_NAMESPACE = "istio.io/use-waypoint-namespace";
    private static final String NONE = "none";

    /**
     * Finds it.
     *
     * @param services the Services that lead to the Pod
     * @param unread gets a sentence where it cannot be told whether there is one
     */
    public static Optional<Waypoint> of(KubeApi api, Pod pod, List<ServicePort> services, List<String> unread)
            throws InterruptedException {
        for (var service : services) {
            if (service.labels().containsKey(LABEL)) {
                return of(service.labels(), pod);
            }
        }
        return pod.labels().containsKey(LABEL) ? of(pod.labels(), pod) : ofNamespace(api, pod, unread);
    }

    private static Optional<Waypoint> ofNamespace(KubeApi api, Pod pod, List<String> unread)
            throws InterruptedException {
        try {
            var namespace =
                    api.call(KubeRequest.get("namespaces " + pod.namespace(), "/api/v1/namespaces/" + pod.namespace()));
            return namespace.flatMap(
                    found -> of(Pod.strings(found.path("metadata").path("labels")), pod));
        } catch (ApiException e) {
            unread.add(
                    e.failure().kind() == Failure.Kind.FORBIDDEN
                            ? "not permitted to get namespaces " + pod.namespace()
                                    + ": whether a waypoint stands before the Pod is not known"
                            : e.failure().message());
            return Optional.empty();
        }
    }

    private static Optional<Waypoint> of(Map<String, String> labels, Pod pod) {
        return Optional.ofNullable(labels.get(LABEL))
                .filter(name -> !name.isEmpty() && !name.equals(NONE))
                .map(name -> new Waypoint(labels.getOrDefault(OF_NAMESPACE, pod.namespace()), name));
    }

    /** What means its Pods. */
    public PodFinder.Query query() {
        return new PodFinder.Query(
                Optional.of(new TargetName(TargetName.Kind.GATEWAY, name)), "", Optional.of(namespace));
    }
}
