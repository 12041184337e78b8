// SPDX-License-Identifier: Apache-2.0
package upstreamreset.diagnose;

import java.util.List;
import java.util.Optional;
import upstreamreset.pod.AppPort;
import upstreamreset.pod.MeshPolicies;
import upstreamreset.pod.Pod;

/**
 * What stands in the cluster: the Pod, its port, what the mesh does with it.
 *
 * @param of how many Pods the TARGET means
 * @param port empty for a gateway or a waypoint
 * @param proxy what the sidecar's Envoy says of itself, where it could be asked
 * @param notes what else matters, a sentence each
 * @param unread what could not be read, a sentence each
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

    /** Istio's version, by the proxy, else by its image; empty where neither tells. */
    Optional<String> istioVersion() {
        return proxy.map(ProxyInfo::istio)
                .filter(version -> !version.isEmpty())
                .or(() -> pod.sidecar().flatMap(each -> each.version()));
    }
}
