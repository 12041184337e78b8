// SPDX-License-Identifier: Apache-2.0
package upstreamreset.pod;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import upstreamreset.kubernetes.ApiException;
import upstreamreset.kubernetes.KubeApi;
import upstreamreset.kubernetes.KubeRequest;
import upstreamreset.wire.Printable;

/** Finds the Pods that a TARGET selects. Reads only. */
public record PodFinder(KubeApi api) {
    /** More than these are not examined one by one. */
    private static final int MAX_PODS = 500;

    /**
     * The object that a user means.
     *
     * @param target empty if a selector stands for it
     * @param selector as {@code -l} takes it; empty for none
     * @param namespace empty for all namespaces
     */
    public record Query(Optional<TargetName> target, String selector, Optional<String> namespace) {
        public String text() {
            return target.map(TargetName::text).orElse("-l " + selector)
                    + namespace.map(each -> " in namespace " + each).orElse(" in any namespace");
        }
    }

    /**
     * The Pods, those first that can be asked.
     *
     * @throws NoSuchPodException when there is none; the message says why
     */
    public List<Pod> find(Query query) throws ApiException, NoSuchPodException, InterruptedException {
        var pods = query.target().isPresent()
                ? named(query, query.target().get())
                : selected(query.namespace(), query.selector());
        if (pods.isEmpty()) {
            throw new NoSuchPodException("no Pod is " + Printable.of(query.text()) + "; "
                    + query.namespace()
                            .map(each -> "'kubectl get pods -n " + each + " --show-labels' lists the existing ones")
                            .orElse("'kubectl get pods -A --show-labels' lists the existing ones"));
        }
        return pods.stream()
                .sorted(Comparator.comparing((Pod pod) -> !pod.ready())
                        .thenComparing(pod -> !pod.running())
                        .thenComparing(Pod::namespace)
                        .thenComparing(Pod::name))
                .toList();
    }

    private List<Pod> named(Query query, TargetName target)
            throws ApiException, NoSuchPodException, InterruptedException {
        if (query.namespace().isEmpty()) {
            return everywhere(target);
        }
        var namespace = query.namespace().get();
        if (target.kind() == TargetName.Kind.GATEWAY) {
            return selected(query.namespace(), gateways(target));
        }
        var object = api.call(KubeRequest.get(target.kind().plural() + " " + target.name(), path(target, namespace)))
                .orElseThrow(() -> absent(target, namespace));
        return behind(target, namespace, object);
    }

    /** The Pods of an object that has been read: a Pod itself, else those that it selects. */
    private List<Pod> behind(TargetName target, String namespace, JsonNode object)
            throws ApiException, NoSuchPodException, InterruptedException {
        if (target.kind() == TargetName.Kind.POD) {
            return List.of(Pod.of(object));
        }
        if (target.kind() == TargetName.Kind.GATEWAY) {
            return selected(Optional.of(namespace), gateways(target));
        }
        var pods = selected(Optional.of(namespace), selector(target, namespace, object));
        if (pods.isEmpty() && object.path("spec").path("replicas").asInt(-1) == 0) {
            throw new NoSuchPodException("%s '%s' in namespace '%s' is scaled to 0: it has no Pod"
                    .formatted(target.kind().singular(), target.name(), namespace));
        }
        return pods;
    }

    /** Istio's label for the Pods of a Gateway. */
    private static String gateways(TargetName target) {
        return "gateway.networking.k8s.io/gateway-name=" + target.name();
    }

    /** An object's Pods wherever an object of that name is. */
    private List<Pod> everywhere(TargetName target) throws ApiException, NoSuchPodException, InterruptedException {
        var kind = target.kind();
        var list = api.list(
                kind.plural(),
                kind.api() + "/" + kind.plural() + "?fieldSelector=" + encoded("metadata.name=" + target.name()),
                MAX_PODS);
        var pods = new ArrayList<Pod>();
        Optional<NoSuchPodException> none = Optional.empty();
        for (var each : list.orElseThrow(() -> absent(target, "any"))) {
            try {
                pods.addAll(
                        behind(target, each.path("metadata").path("namespace").asString(""), each));
            } catch (NoSuchPodException e) {
                none = Optional.of(none.orElse(e));
            }
        }
        if (pods.isEmpty() && none.isPresent()) {
            throw none.get();
        }
        return pods;
    }

    private static String path(TargetName target, String namespace) {
        return target.kind().api() + "/namespaces/" + namespace + "/"
                + target.kind().plural() + "/" + target.name();
    }

    private static NoSuchPodException absent(TargetName target, String namespace) {
        return new NoSuchPodException("there is no %s '%s' in %s"
                .formatted(
                        target.kind().singular(),
                        target.name(),
                        namespace.equals("any") ? "any namespace" : "namespace '" + namespace + "'"));
    }

    private static String selector(TargetName target, String namespace, JsonNode object) throws NoSuchPodException {
        if (object.path("spec").path("type").asString("").equals(ServicePort.EXTERNAL_NAME)) {
            throw new NoSuchPodException("service '%s' in namespace '%s' is another name for %s: no Pod is behind it"
                    .formatted(
                            target.name(),
                            namespace,
                            Printable.words(
                                    object.path("spec").path("externalName").asString(""))));
        }
        var selector = object.path("spec").path("selector");
        var text = target.kind() == TargetName.Kind.SERVICE ? equalities(selector) : selector(selector);
        if (text.isEmpty()) {
            throw new NoSuchPodException("%s '%s' in namespace '%s' selects no Pods: it has no selector"
                    .formatted(target.kind().singular(), target.name(), namespace));
        }
        return text;
    }

    private static String selector(JsonNode selector) {
        var parts = new ArrayList<String>();
        var equalities = equalities(selector.path("matchLabels"));
        if (!equalities.isEmpty()) {
            parts.add(equalities);
        }
        for (var each : selector.path("matchExpressions")) {
            var key = each.path("key").asString("");
            var values =
                    each.path("values").valueStream().map(JsonNode::asString).collect(Collectors.joining(","));
            parts.add(
                    switch (each.path("operator").asString("")) {
                        case "In" -> key + " in (" + values + ")";
                        case "NotIn" -> key + " notin (" + values + ")";
                        case "DoesNotExist" -> "!" + key;
                        default -> key;
                    });
        }
        return String.join(",", parts);
    }

    private static String equalities(JsonNode labels) {
        return labels.properties().stream()
                .map(each -> each.getKey() + "=" + each.getValue().asString(""))
                .sorted()
                .collect(Collectors.joining(","));
    }

    private List<Pod> selected(Optional<String> namespace, String selector) throws ApiException, InterruptedException {
        var where = namespace.map(each -> "/namespaces/" + each).orElse("");
        var pods = pods("/api/v1" + where + "/pods?labelSelector=" + encoded(selector));
        // Those of a Job that is done, and the evicted: they are looked at where there are no others.
        var open = pods.stream().filter(pod -> !pod.ended()).toList();
        return open.isEmpty() ? pods : open;
    }

    /** Those with these labels on one node. */
    public List<Pod> onNode(String node, String namespace, String selector) throws ApiException, InterruptedException {
        var pods = pods("/api/v1/namespaces/" + namespace + "/pods?labelSelector=" + encoded(selector)
                + "&fieldSelector=" + encoded("spec.nodeName=" + node));
        return pods.stream()
                .filter(pod -> pod.node().equals(node) && !pod.ended())
                .toList();
    }

    private List<Pod> pods(String path) throws ApiException, InterruptedException {
        return api.list("pods", path, MAX_PODS).orElse(List.of()).stream()
                .map(Pod::of)
                .toList();
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
