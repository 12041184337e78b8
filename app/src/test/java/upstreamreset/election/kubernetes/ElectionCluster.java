// SPDX-License-Identifier: Apache-2.0
package upstreamreset.election.kubernetes;

import io.fabric8.kubernetes.client.Config;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import upstreamreset.kubernetes.KubeApi;
import upstreamreset.testing.KubeApiServer;

/** An API server with the app's shipped objects and Pods for its candidates; each acts with its own Pod's token. */
final class ElectionCluster implements AutoCloseable {
    static final String LEASE = "http-chunked-leader";

    private final KubeApiServer server;

    private ElectionCluster(KubeApiServer server) {
        this.server = server;
    }

    static ElectionCluster start() {
        var server = KubeApiServer.start();
        try {
            server.apply(server.run("kustomize", manifests().toString()));
            return new ElectionCluster(server);
        } catch (RuntimeException | Error e) {
            server.close();
            throw e;
        }
    }

    private static Path manifests() {
        var here = Path.of("").toAbsolutePath();
        for (var folder = here; folder != null; folder = folder.getParent()) {
            var manifests = folder.resolve("manifests/overlays/single");
            if (Files.isDirectory(manifests)) {
                return manifests;
            }
        }
        throw new AssertionError("no manifests/overlays/single above " + here);
    }

    KubeApiServer server() {
        return server;
    }

    /** Makes the Pod; nothing runs in it. Returns its uid. */
    String pod(String name) {
        server.apply("""
                apiVersion: v1
                kind: Pod
                metadata: {name: %s, namespace: default, labels: {app: http-chunked}}
                spec:
                  serviceAccountName: http-chunked
                  containers: [{name: app, image: "none"}]
                """.formatted(name));
        return server.run("get", "pod", name, "-o", "jsonpath={.metadata.uid}");
    }

    void deletePod(String name) {
        server.run("delete", "pod", name, "--grace-period=0", "--force");
    }

    /** A kubeconfig with the token that the kubelet would mount into this Pod. */
    Path kubeconfig(String pod) {
        return server.kubeconfig(pod, server.podToken("default", "http-chunked", pod), "default");
    }

    /** The API as the app in this Pod reaches it. */
    KubeApi api(String pod) {
        return new KubeApi(Config.fromKubeconfig(kubeconfig(pod).toFile()), Duration.ofSeconds(5));
    }

    String lease(String field) {
        return server.run("get", "lease", LEASE, "-o", "jsonpath={" + field + "}");
    }

    String selector() {
        return server.run("get", "service", LEASE, "-o", "jsonpath={.spec.selector.pod}");
    }

    @Override
    public void close() {
        server.close();
    }
}
