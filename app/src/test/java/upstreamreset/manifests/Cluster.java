// SPDX-License-Identifier: Apache-2.0
package upstreamreset.manifests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import upstreamreset.testing.KubeApiServer;
import upstreamreset.testing.Kubectl;
import upstreamreset.testing.RealParts;

/** A kube-apiserver of its own with the real CRDs of Argo CD and Istio and the namespaces of the lab. */
record Cluster(KubeApiServer server) implements AutoCloseable {
    static Cluster start() {
        var crds = crds();
        var server = KubeApiServer.start();
        try {
            for (var file : crds) {
                server.run("apply", "--server-side", "-f", file.toString());
            }
            server.run("wait", "--for=condition=Established", "crd", "--all", "--timeout=60s");
            // A dry run keeps nothing: what the others need to stand in must be there for real.
            server.run("create", "namespace", "istio-system");
            server.run("create", "namespace", "team-a");
            server.run("create", "namespace", "upstream-reset");
            server.apply(Repository.text("argocd/namespace.yaml"));
            return new Cluster(server);
        } catch (RuntimeException | Error e) {
            server.close();
            throw e;
        }
    }

    /** Deletes the applications and projects; no controller is here that would heed their finalizers. */
    void deleteApplications() {
        for (var each : server.run("get", "applications,appprojects", "-n", "argocd", "-o", "name")
                .lines()
                .toList()) {
            server.run("patch", each, "-n", "argocd", "--type=merge", "-p", "{\"metadata\": {\"finalizers\": null}}");
            server.run("delete", each, "-n", "argocd", "--ignore-not-found");
        }
    }

    /** What kustomize makes of a folder. */
    String build(String folder) {
        return server.run("kustomize", Repository.path(folder).toString());
    }

    /** Applies on the server without keeping it, with strict validation of fields. */
    Kubectl.Result dryRun(String manifests, String... options) {
        var arguments =
                new ArrayList<>(List.of("apply", "--dry-run=server", "--server-side", "--validate=strict", "-f", "-"));
        arguments.addAll(List.of(options));
        return server.kubectl(manifests, arguments.toArray(String[]::new));
    }

    @Override
    public void close() {
        server.close();
    }

    private static List<Path> crds() {
        var folder = System.getenv("CRDS");
        if (folder == null || folder.isBlank()) {
            throw RealParts.missing(
                    "the CRDs of Argo CD and Istio: CRDS is not set; scripts/test fetches them and sets it");
        }
        try (var files = Files.list(Path.of(folder))) {
            return files.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
