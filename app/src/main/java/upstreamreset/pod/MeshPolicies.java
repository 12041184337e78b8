// SPDX-License-Identifier: Apache-2.0
package upstreamreset.pod;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import upstreamreset.kubernetes.KubeApi;

/**
 * The readable Istio resources that affect a port of a Pod.
 *
 * @param mtls {@code STRICT}, {@code PERMISSIVE} or {@code DISABLE}; empty if it could not be read
 * @param mtlsBy the PeerAuthentication that says so; empty for Istio's default
 * @param clients what a DestinationRule tells the mesh's clients to begin with; empty for Istio's choice
 * @param touching other resources that affect the port, one sentence each
 * @param unread unreadable parts, one sentence each
 */
public record MeshPolicies(
        Optional<String> mtls,
        Optional<String> mtlsBy,
        Optional<ClientTls> clients,
        List<String> touching,
        List<String> unread) {
    /** Of a proxy without an app. */
    public static final MeshPolicies NONE =
            new MeshPolicies(Optional.empty(), Optional.empty(), Optional.empty(), List.of(), List.of());

    public MeshPolicies {
        touching = List.copyOf(touching);
        unread = List.copyOf(unread);
    }

    public boolean strict() {
        return mtls.equals(Optional.of("STRICT"));
    }

    /** Reads them. A mesh that does not have a kind of resource has none of it. */
    public static MeshPolicies of(KubeApi api, Pod pod, AppPort port) throws InterruptedException {
        var resources = new MeshResources(api, pod);
        var mtls = MutualTls.of(resources, pod, port.number());
        var rules = port.service().isPresent()
                ? ClientRules.of(resources, pod, port.service().get())
                : new ClientRules(Optional.empty(), List.of());
        var touching = new ArrayList<>(rules.touching());
        touching.addAll(EnvoyFilters.of(resources, pod));
        touching.addAll(resources.ofOthers());
        return new MeshPolicies(mtls.mode(), mtls.by(), rules.tls(), touching, resources.unread());
    }
}
