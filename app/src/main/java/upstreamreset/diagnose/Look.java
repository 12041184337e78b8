// SPDX-License-Identifier: Apache-2.0
package upstreamreset.diagnose;

import java.util.List;
import java.util.Optional;
import upstreamreset.pod.AppPort;
import upstreamreset.pod.MeshPolicies;
import upstreamreset.pod.Pod;
import upstreamreset.pod.PortProtocol;
import upstreamreset.pod.Selection;
import upstreamreset.pod.ServicePort;

/**
 * The relevant state of the cluster: the Pod, its port, and the mesh's policies for it.
 *
 * @param port empty for a gateway or a waypoint
 * @param proxy the self-description of the sidecar's Envoy, if it could be asked
 * @param unresolved ports of Services that are led to a name which no container of the Pod declares
 * @param notes other remarks, one sentence each
 * @param unread unreadable parts, one sentence each
 */
public record Look(
        Selection selection,
        Optional<AppPort> port,
        MeshPolicies policies,
        Optional<ProxyInfo> proxy,
        List<ServicePort> unresolved,
        List<String> notes,
        List<String> unread) {
    public Look {
        unresolved = List.copyOf(unresolved);
        notes = List.copyOf(notes);
        unread = List.copyOf(unread);
    }

    Pod pod() {
        return selection.pod();
    }

    /** Whether a sidecar takes the connections to the port, or the Pod is a proxy itself. */
    boolean hasSidecar() {
        return port.map(each -> pod().intercepts(each.number()))
                .orElse(pod().sidecar().isPresent());
    }

    /** Whether the sidecar logs a request to the port: where it reads HTTP there. */
    boolean logsRequests() {
        return hasSidecar()
                && port.map(AppPort::protocol)
                        .filter(each -> each == PortProtocol.OTHER || each == PortProtocol.TLS)
                        .isEmpty();
    }

    /** Whether mTLS alone is taken, and somebody is there to take it. */
    boolean strict() {
        return policies.strict() && (hasSidecar() || pod().ambient());
    }

    /** Istio's version, by the proxy, else by its image; empty if neither tells. */
    Optional<String> istioVersion() {
        return proxy.map(ProxyInfo::istio)
                .filter(version -> !version.isEmpty())
                .or(() -> pod().sidecar().flatMap(each -> each.version()));
    }
}
