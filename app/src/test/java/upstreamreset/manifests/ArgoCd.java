// SPDX-License-Identifier: Apache-2.0
package upstreamreset.manifests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import upstreamreset.testing.KubeApiServer;

/**
 * Does for one root application what Argo CD's controller would: builds its children from a checkout with the patches that
 * the root hands over, applies them, and reports all of them synced and healthy.
 */
record ArgoCd(KubeApiServer server, Path checkout) {
    private static final String REFRESH = "argocd.argoproj.io/refresh";

    /** What a run of scripts/bootstrap comes to while the root application that it makes is synced. */
    Sandbox.Result syncing(Supplier<Sandbox.Result> bootstrap) {
        var synced = CompletableFuture.runAsync(this::syncOnce);
        var result = bootstrap.get();
        synced.join();
        return result;
    }

    /** Waits until the root application asks to be looked at, and syncs it. */
    private void syncOnce() {
        Awaitility.await("the root application")
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(300))
                .ignoreExceptions()
                .until(() -> root().object("metadata", "annotations").has(REFRESH));
        var children = children();
        server.apply(children);
        for (var child : Yaml.all(children)) {
            if (child.kind().equals("Application")) {
                report(child.name());
            }
        }
        report("upstream-reset");
        server.run("annotate", "-n", "argocd", "application/upstream-reset", REFRESH + "-");
    }

    private Yaml root() {
        return Yaml.stored(server, "application", "upstream-reset", "argocd");
    }

    /** As Argo CD does it: the root's patches are added to the kustomization in its path. */
    private String children() {
        var source = root().object("spec", "source");
        var apps = checkout.resolve(source.text("path"));
        try {
            var kustomization = Yaml.all(Files.readString(apps.resolve("kustomization.yaml")))
                    .getFirst();
            var patches = new ArrayList<Object>();
            if (kustomization.has("patches")) {
                patches.addAll((List<?>) kustomization.at("patches"));
            }
            patches.addAll((List<?>) source.at("kustomize", "patches"));
            kustomization.with("patches", patches);
            // Beside the folder, so that it finds the same others.
            var folder = Files.createTempDirectory(apps.getParent(), "apps");
            for (var name : kustomization.texts("resources")) {
                if (Files.isRegularFile(apps.resolve(name))) {
                    Files.copy(apps.resolve(name), folder.resolve(name));
                }
            }
            Files.writeString(folder.resolve("kustomization.yaml"), kustomization.toString());
            return server.run("kustomize", folder.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void report(String application) {
        server.run("patch", "application", application, "-n", "argocd", "--type=merge", "-p", """
                {"status": {"sync": {"status": "Synced"}, "health": {"status": "Healthy"}}}""");
    }
}
