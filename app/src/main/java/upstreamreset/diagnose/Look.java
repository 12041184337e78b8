// SPDX-License-Identifier: Apache-2.0
package upstreamreset.diagnose;

import java.util.List;
import java.util.Optional;
import upstreamreset.pod.AppPort;
import upstreamreset.pod.MeshPolicies;
import upstreamreset.pod.Pod;

/**
 * The relevant state of the cluster: the Pod, its port, and the mesh's policies for it.
 *
 * @param of the number of Pods that TARGET selects
 * @param port empty for a gateway or a waypoint
 * @param proxy the self-description of the sidecar's Envoy, if it could be asked
 * @param notes other remarks, one sentence each
 * @param unread unreadable parts, one sentence each
 */
public record Look(
        Pod pod,
        int of,
        Optional<AppPort> port,
        MeshPolicies policies,
        Optional<ProxyInfo> proxy,
        List<String> notes,
        List<String> unread) {
    public Look {
        notes = List.copyOf(notes);
        unread = List.copyOf(unread);
    }

    boolean hasSidecar() {
        return pod.sidecar().isPresent();
    }

    /** Istio's version, by the proxy, else by its image; empty if neither tells. */
    Optional<String> istioVersion() {
        return proxy.map(ProxyInfo::istio)
                .filter(version -> !version.isEmpty())
                .or(() -> pod.sidecar().flatMap(each -> each.version()));
    }
}
