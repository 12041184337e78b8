// SPDX-License-Identifier: Apache-2.0
package upstreamreset.diagnose;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import upstreamreset.kubernetes.ApiException;
import upstreamreset.kubernetes.KubeApi;
import upstreamreset.pod.AppPort;
import upstreamreset.pod.EnvoyAdmin;
import upstreamreset.pod.MeshPolicies;
import upstreamreset.pod.Pod;
import upstreamreset.pod.PortProtocol;
import upstreamreset.pod.Selection;
import upstreamreset.pod.ServicePort;
import upstreamreset.pod.Sidecar;
import upstreamreset.wire.Printable;

/** Reads the state of the cluster around a Pod and reports what matters. It changes nothing. */
record Looker(KubeApi api, Selection selection, Optional<String> service) {
    private static final int MAX_NAMES = 3;

    private Pod pod() {
        return selection.pod();
    }

    /** @throws IllegalArgumentException where the port cannot be told; the message is one sentence */
    Look look(Question question) throws InterruptedException {
        var pod = pod();
        var unread = new ArrayList<String>();
        var notes = new ArrayList<String>();
        unready().ifPresent(notes::add);
        var role = pod.sidecar().map(Sidecar::role);
        if (role.isPresent() && role.get() != Sidecar.Role.SIDECAR) {
            return new Look(selection, Optional.empty(), MeshPolicies.NONE, proxy(), List.of(), notes, unread);
        }
        var services = services(unread);
        var port = AppPort.choose(pod, services, question.port(), service);
        var policies = MeshPolicies.of(api, pod, port);
        unread.addAll(policies.unread());
        var unresolved = services.stream().filter(each -> each.target() == 0).toList();
        notes(port, !services.isEmpty(), unresolved, notes);
        return new Look(selection, Optional.of(port), policies, proxy(), unresolved, notes, unread);
    }

    private List<ServicePort> services(List<String> unread) throws InterruptedException {
        try {
            return ServicePort.of(api, pod());
        } catch (ApiException e) {
            unread.add(e.failure().message());
            return List.of();
        }
    }

    private Optional<ProxyInfo> proxy() throws InterruptedException {
        return pod().sidecar().isPresent() ? ProxyInfo.ask(new EnvoyAdmin(api, pod())) : Optional.empty();
    }

    /** Of several Pods, clients may be sent to those alone that are ready. */
    private Optional<String> unready() {
        var unready = selection.unready();
        var names = unready.stream()
                .limit(MAX_NAMES)
                .map(each -> each.text()
                        + each.trouble()
                                .map(why -> " (" + Printable.of(why) + ")")
                                .orElse(""))
                .collect(Collectors.joining(", "));
        return unready.isEmpty()
                ? Optional.empty()
                : Optional.of("%d of the %d Pods %s not ready: %s%s"
                        .formatted(
                                unready.size(),
                                selection.count(),
                                unready.size() == 1 ? "is" : "are",
                                names,
                                unready.size() > MAX_NAMES ? ", …" : ""));
    }

    private void notes(AppPort port, boolean served, List<ServicePort> unresolved, List<String> notes) {
        var pod = pod();
        if (port.service().isEmpty() && served) {
            notes.add("no Service leads to port " + port.number());
        }
        for (var each : unresolved) {
            notes.add("Service %s:%d leads to a port named '%s', which no container of %s declares"
                    .formatted(each.service(), each.number(), Printable.of(each.targetText()), pod.text()));
        }
        if (port.service().isPresent() && port.protocol() == PortProtocol.OTHER) {
            notes.add("the Service's port is declared as bytes ("
                    + port.service().get().text() + "): the sidecar does not read HTTP on it");
        }
        if (pod.hostNetwork()) {
            notes.add("it uses its node's network: no sidecar can take its connections");
        }
        if (pod.sidecar().isPresent() && !pod.hostNetwork() && !pod.intercepts(port.number())) {
            notes.add("by the Pod's annotations the sidecar does not take the connections to port " + port.number()
                    + ": requests come past it");
        }
        if (pod.sidecar().isEmpty() && pod.refusesInjection()) {
            notes.add("sidecar.istio.io/inject is false: Istio gives it no sidecar");
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
