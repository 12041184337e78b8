// SPDX-License-Identifier: Apache-2.0
package upstreamreset.manifests;

import java.util.List;
import upstreamreset.testing.KubeApiServer;

/** The app's shipped objects on a test's API server: its account, Role, policy and Services, and two of its Pods. */
final class Lab {
    private Lab() {}

    static void install(KubeApiServer server) {
        applyWithPods(server, "manifests/overlays/single", "http-chunked", List.of("http-chunked-0", "http-chunked-1"));
    }

    /** Makes a Pod of the app anew. */
    static void renew(KubeApiServer server, String pod) {
        applyWithPods(server, "manifests/overlays/single", "http-chunked", List.of(pod));
    }

    static void installCurl(KubeApiServer server) {
        makeAccount(server, "default", "default");
        applyWithPods(server, "manifests/base/curl", "curl", List.of("curl-0"));
    }

    /** What the StatefulSet's controller and the kubelet would make of the manifests: Pods made anew, and ready. */
    private static void applyWithPods(KubeApiServer server, String folder, String name, List<String> pods) {
        var built = Yaml.all(server.run("kustomize", Repository.path(folder).toString()));
        server.apply(Yaml.stream(built));
        var template = ManifestsIT.podOf(Yaml.one(built, "StatefulSet", name), "default");
        for (var each : pods) {
            server.run("delete", "pod", each, "--ignore-not-found", "--force", "--grace-period=0");
            template.object("metadata").with("name", each);
            server.apply(template.toString());
            server.run("patch", "pod", each, "--subresource=status", "--type=merge", "-p", """
                    {"status": {"conditions": [{"type": "Ready", "status": "True"}]}}""");
        }
    }

    /** An account, which no controller is here to make. */
    static void makeAccount(KubeApiServer server, String name, String namespace) {
        server.apply("""
                apiVersion: v1
                kind: ServiceAccount
                metadata: {name: %s, namespace: %s}
                """.formatted(name, namespace));
    }

    /** The namespace {@code restricted}, which enforces Pod Security of that name. */
    static void makeRestrictedNamespace(KubeApiServer server) {
        server.apply("""
                apiVersion: v1
                kind: Namespace
                metadata:
                  name: restricted
                  labels: {pod-security.kubernetes.io/enforce: restricted}
                """);
        makeAccount(server, "default", "restricted");
    }

    /** Writes what a leader writes: the Lease, and the Service's selector. */
    static void lead(KubeApiServer server, String pod) {
        var uid = server.run("get", "pod", pod, "-o", "jsonpath={.metadata.uid}");
        server.apply("""
                apiVersion: coordination.k8s.io/v1
                kind: Lease
                metadata: {name: http-chunked-leader, namespace: default}
                spec: {holderIdentity: %s_%s}
                """.formatted(pod, uid));
        server.run("patch", "service", "http-chunked-leader", "--type=merge", "-p", """
                {"spec": {"selector": {"pod": "%s"}}}""".formatted(pod));
    }

    /** The Role as it is shipped, in the namespace that the overlays give it. */
    static Yaml role() {
        var role =
                Yaml.one(Yaml.all(Repository.text("manifests/components/election/role.yaml")), "Role", "http-chunked");
        role.object("metadata").with("namespace", "default");
        return role;
    }
}
