// SPDX-License-Identifier: Apache-2.0
package upstreamreset.diagnose;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import upstreamreset.kubernetes.ApiException;
import upstreamreset.kubernetes.KubeApi;
import upstreamreset.pod.AppPort;
import upstreamreset.pod.EnvoyAdmin;
import upstreamreset.pod.MeshPolicies;
import upstreamreset.pod.Pod;
import upstreamreset.pod.PortProtocol;
import upstreamreset.pod.ServicePort;
import upstreamreset.pod.Sidecar;
import upstreamreset.wire.Printable;

/** Reads the state of the cluster around a Pod and reports what matters. It changes nothing. */
record Looker(KubeApi api, Pod pod, int of, Optional<String> service) {
    private static final String EXCLUDED = "traffic.sidecar.istio.io/excludeInboundPorts";

    /** @throws IllegalArgumentException where the port cannot be told; the message is one sentence */
    Look look(Question question) throws InterruptedException {
        var unread = new ArrayList<String>();
        var notes = new ArrayList<String>();
        var role = pod.sidecar().map(Sidecar::role);
        if (role.isPresent() && role.get() != Sidecar.Role.SIDECAR) {
            return new Look(
                    pod,
                    of,
                    Optional.empty(),
                    new MeshPolicies(Optional.empty(), Optional.empty(), List.of(), List.of()),
                    proxy(),
                    notes,
                    unread);
        }
        var services = services(unread);
        var port = AppPort.choose(pod, services, question.port(), service);
        var policies = MeshPolicies.of(api, pod, port);
        unread.addAll(policies.unread());
        notes(port, services, notes);
        return new Look(pod, of, Optional.of(port), policies, proxy(), notes, unread);
    }

    private List<ServicePort> services(List<String> unread) throws InterruptedException {
        try {
            return ServicePort.of(api, pod);
        } catch (ApiException e) {
            unread.add(e.failure().message());
            return List.of();
        }
    }

    private Optional<ProxyInfo> proxy() throws InterruptedException {
        return pod.sidecar().isPresent() ? ProxyInfo.ask(new EnvoyAdmin(api, pod)) : Optional.empty();
    }

    private void notes(AppPort port, List<ServicePort> services, List<String> notes) {
        if (port.service().isEmpty() && !services.isEmpty()) {
            notes.add("no Service leads to port " + port.number());
        }
        for (var each : services) {
            if (each.target() == 0) {
                notes.add("Service %s:%d leads to a port named '%s', which no container of %s declares"
                        .formatted(each.service(), each.number(), Printable.of(each.targetText()), pod.text()));
            }
        }
        if (port.service().isPresent() && port.protocol() == PortProtocol.OTHER) {
            notes.add("the Service's port is declared as bytes ("
                    + port.service().get().text() + "): the sidecar does not read HTTP on it");
        }
        if (pod.hostNetwork()) {
            notes.add("it uses its node's network: no sidecar can take its connections");
        }
        if (List.of(pod.annotations().getOrDefault(EXCLUDED, "").split("\\s*,\\s*"))
                .contains(Integer.toString(port.number()))) {
            notes.add("port " + port.number() + " is in " + EXCLUDED + ": requests come past the sidecar");
        }
        if (!port.others().isEmpty() && !port.others().equals(List.of(port.number()))) {
            notes.add("other ports: "
                    + String.join(
                            ", ",
                            port.others().stream()
                                    .map(each -> Integer.toString(each))
                                    .toList())
                    + " (--port)");
        }
    }
}
