// SPDX-License-Identifier: Apache-2.0
package upstreamreset.manifests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/** scripts/bootstrap and scripts/teardown against a real API server, with stand-ins for kind, docker and Argo CD. */
@Tag("kube")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Execution(ExecutionMode.CONCURRENT)
@ResourceLock("BootstrapIT")
class BootstrapIT {
    private static final String INSTALL = Repository.path(
                    "app/src/test/resources/upstreamreset/manifests/argocd-install.yaml")
            .toString();

    private final Cluster cluster = Cluster.start();
    private Sandbox sandbox;

    @BeforeEach
    void makeSandbox(@TempDir Path folder) {
        sandbox = Sandbox.in(folder)
                .on(cluster.server().kubectl(), cluster.server().kubeconfig());
        // As if bootstrap had installed them: Argo CD by its CRDs, Istio's CRDs as its application left them.
        cluster.server().run("label", "--overwrite", "crd", "--all", "upstream-reset/made-by=bootstrap");
        cluster.deleteApplications();
    }

    @AfterAll
    void stop() {
        cluster.close();
    }

    @Test
    void makesTheLabAndMovesItOnASecondRun() throws IOException {
        // Given somebody else's application that is never healthy
        cluster.server().apply(application("elsewhere"));
        var commit = sandbox.git("rev-parse", "HEAD").out().strip();
        // When
        var first = bootstrap();
        // Then
        assertThat(first.exitCode()).as(first.err()).isZero();
        assertThat(first.out())
                .contains("The lab is ready on context kind-upstream-reset.")
                .contains("kubectl --context kind-upstream-reset -n argocd port-forward service/argocd-server 8443:443")
                .contains("get secret argocd-initial-admin-secret")
                .endsWith("Next:     scripts/demo\n");
        assertThat(first.err())
                .contains("making kind cluster upstream-reset")
                .contains("http-chunked     Synced Healthy");
        assertThat(sandbox.clusters()).isEqualTo("upstream-reset\n");
        assertThat(sandbox.calls())
                .contains("kind create cluster --name upstream-reset --config scripts/kind.yaml")
                .contains("image --cluster upstream-reset");
        for (var name : new String[] {"mesh", "http-chunked", "curl"}) {
            assertThat(source(name).text("repoURL")).isEqualTo(Sandbox.REPOSITORY);
            assertThat(source(name).text("targetRevision")).isEqualTo(commit);
            assertThat(source(name).text("kustomize", "namespace")).isEqualTo("default");
            assertThat(source(name).object("kustomize").has("images")).isFalse();
            assertThat(get("application", name).text("spec", "destination", "namespace"))
                    .isEqualTo("default");
        }
        assertThat(source("http-chunked").text("path")).isEqualTo("manifests/overlays/local");
        assertThat(source("curl").text("path")).isEqualTo("manifests/base/curl");
        assertThat(source("istiod").text("repoURL")).isEqualTo("https://istio-release.storage.googleapis.com/charts");
        assertThat(get("appproject", "upstream-reset").texts("spec", "sourceRepos"))
                .containsExactly(Sandbox.REPOSITORY, "https://istio-release.storage.googleapis.com/charts");
        assertThat(get("configmap", "argocd-cm").object("data").root().keySet())
                .containsExactlyInAnyOrder(
                        "resource.exclusions", "resource.customizations.health.argoproj.io_Application");
        assertThat(currentContext()).isEqualTo("somebody-elses");

        // When it is run again, for another overlay and an image of a registry
        var second = bootstrap("--overlay", "leader", "--image", "ghcr.io/me/upstream-reset:1.0", "--revision", "main");
        // Then
        assertThat(second.exitCode()).as(second.err()).isZero();
        assertThat(second.err()).contains("kind cluster upstream-reset is there");
        assertThat(sandbox.clusters()).isEqualTo("upstream-reset\n");
        assertThat(source("http-chunked").text("path")).isEqualTo("manifests/overlays/leader");
        assertThat(source("http-chunked").text("targetRevision")).isEqualTo("main");
        assertThat(source("http-chunked").texts("kustomize", "images"))
                .containsExactly("upstream-reset=ghcr.io/me/upstream-reset:1.0");
        assertThat(sandbox.calls()).containsOnlyOnce("image --cluster upstream-reset");
        assertThat(currentContext()).isEqualTo("somebody-elses");
    }

    @Test
    void anOverlayMayBringApplicationsOfItsOwn() throws IOException {
        var result = bootstrap("--overlay", "ambient", "--image", "ghcr.io/me/upstream-reset:1.0");

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.err()).contains("ztunnel          Synced Healthy");
        assertThat(source("http-chunked").text("path")).isEqualTo("manifests/overlays/ambient");
        assertThat(source("curl").text("path")).isEqualTo("manifests/overlays/ambient/curl");
        assertThat(source("istiod").text("helm", "valuesObject", "profile")).isEqualTo("ambient");
    }

    @Test
    void privateImagesAndChartsAreHandedToEachThatPulls() throws IOException {
        // Given
        Files.writeString(sandbox.checkout().resolve("pull.yaml"), """
                apiVersion: v1
                kind: Secret
                metadata: {name: pull}
                type: kubernetes.io/dockerconfigjson
                stringData: {.dockerconfigjson: '{"auths": {}}'}
                """);
        // When
        var result = bootstrap(
                "--overlay",
                "restricted",
                "--image",
                "mirror.example/upstream-reset:1",
                "--registry",
                "mirror.example",
                "--pull-secret",
                "pull.yaml",
                "--charts",
                "https://charts.example/istio");
        // Then
        assertThat(result.exitCode()).as(result.err()).isZero();
        for (var name : List.of("istiod", "istio-cni")) {
            var global = source(name).object("helm", "valuesObject", "global");
            assertThat(global.text("hub")).isEqualTo("mirror.example/istio");
            assertThat(global.texts("imagePullSecrets")).containsExactly("pull");
            assertThat(source(name).text("repoURL")).isEqualTo("https://charts.example/istio");
        }
        assertThat(source("istiod").at("helm", "valuesObject", "autoscaleEnabled"))
                .isEqualTo(false);
        assertThat(source("istio-base").text("repoURL")).isEqualTo("https://charts.example/istio");
        assertThat(get("appproject", "upstream-reset").texts("spec", "sourceRepos"))
                .containsExactly(Sandbox.REPOSITORY, "https://charts.example/istio");
        for (var namespace : List.of("argocd", "istio-system", "default")) {
            assertThat(cluster.server().run("get", "secret", "pull", "-n", namespace, "-o", "jsonpath={.type}"))
                    .isEqualTo("kubernetes.io/dockerconfigjson");
        }
    }

    @Test
    void saysWhatIsNotHealthyWhenTheTimeIsUp() {
        var result = sandbox.script("bootstrap", "--argocd", INSTALL, "--timeout", "3");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err())
                .contains("upstream-reset")
                .contains("bootstrap: not healthy after 3 s: the applications above. Run scripts/bootstrap again");
    }

    @Test
    void anApplicationThatArgoCdHasLeftOutOfSyncIsLookedAtAgain() {
        // Given
        cluster.server()
                .apply(application("curl")
                        .replace(
                                "upstream-reset/source: this-repository", "app.kubernetes.io/part-of: upstream-reset"));
        cluster.server().run("patch", "application", "curl", "-n", "argocd", "--type=merge", "-p", """
                {"status": {"sync": {"status": "OutOfSync"}, "health": {"status": "Healthy"},
                 "operationState": {"phase": "Succeeded", "operation": {}, "startedAt": "2026-01-01T00:00:00Z"}}}""");
        // When
        var result = sandbox.script("bootstrap", "--argocd", INSTALL, "--timeout", "8");
        // Then
        assertThat(result.err())
                .contains("curl             has not moved for 4 s: Argo CD is asked to look again (1 of ");
        assertThat(get("application", "curl").text("metadata", "annotations", "argocd.argoproj.io/refresh"))
                .isEqualTo("normal");
    }

    @Test
    void anArgoCdThatStandsAsItsManifestHasItIsNotInstalledAgain() throws IOException {
        var missing = new String[] {"delete", "configmap", "-n", "argocd", "argocd-cm", "--ignore-not-found"};
        cluster.server().run(missing);
        assertThat(bootstrap().err()).contains("installing Argo CD v");

        assertThat(bootstrap().err()).contains("Argo CD is there as its manifest has it");
        cluster.server().run(missing);
        assertThat(bootstrap().err()).contains("installing Argo CD v");
    }

    @Test
    void aClusterThatKindCouldNotMakeIsNotLeftBehind() {
        sandbox.set("KIND_CREATE", "fails");

        var result = sandbox.script("bootstrap");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err())
                .contains("could not pull the node image")
                .contains("removing the half-made kind cluster upstream-reset");
        assertThat(sandbox.clusters()).isEmpty();
    }

    @Test
    void aSecondOneLeavesAloneTheClusterThatTheFirstIsMaking() throws Exception {
        // Given
        sandbox.set("KIND_CREATE", "hangs");
        var first = sandbox.start("bootstrap");
        await().until(() -> !sandbox.clusters().isEmpty());
        // When
        var second = sandbox.script("bootstrap");
        // Then
        assertThat(second.exitCode()).isEqualTo(1);
        assertThat(second.err()).containsPattern("process \\d+ makes the kind cluster upstream-reset already");
        assertThat(sandbox.clusters()).isNotEmpty();
        Sandbox.signal("TERM", first.toHandle());
        first.waitFor();
    }

    @Test
    void interruptedItLeavesNoHalfMadeCluster() throws Exception {
        // Given
        sandbox.set("KIND_CREATE", "hangs");
        var bootstrap = sandbox.start("bootstrap");
        await().until(() -> !sandbox.clusters().isEmpty());
        // When the terminal sends SIGINT to all of them
        var creating = bootstrap.descendants().toList();
        Sandbox.signal("INT", bootstrap.toHandle());
        creating.forEach(each -> Sandbox.signal("TERM", each));
        // Then
        assertThat(bootstrap.waitFor()).isEqualTo(130);
        assertThat(sandbox.clusters()).isEmpty();
    }

    @Test
    void teardownDeletesTheKindClusterAndIsContentWithNone() {
        sandbox.set("KIND_CREATE", "").script("bootstrap", "--argocd", INSTALL, "--timeout", "1");
        assertThat(sandbox.clusters()).isEqualTo("upstream-reset\n");

        assertThat(sandbox.script("teardown").exitCode()).isZero();
        assertThat(sandbox.clusters()).isEmpty();
        var again = sandbox.script("teardown");
        assertThat(again.exitCode()).isZero();
        assertThat(again.err()).isEqualTo("there is no kind cluster upstream-reset: nothing to do\n");
    }

    @Test
    void teardownOfAnExistingClusterDeletesTheApplications() {
        // Given
        cluster.server().apply(application("upstream-reset"));
        cluster.server()
                .run(
                        "label",
                        "application",
                        "upstream-reset",
                        "-n",
                        "argocd",
                        "app.kubernetes.io/part-of=upstream-reset");
        // When
        var result = sandbox.script("teardown", "--context", "test");
        // Then
        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(cluster.server().run("get", "applications", "-n", "argocd", "-o", "name"))
                .doesNotContain("upstream-reset");
    }

    /** An application that can be deleted where no controller heeds its finalizer. */
    private static String application(String name) {
        return Repository.text("argocd/apps/curl.yaml")
                .replace("name: curl", "name: " + name)
                .replace("  finalizers:\n    - resources-finalizer.argocd.argoproj.io\n", "");
    }

    private Sandbox.Result bootstrap(String... arguments) throws IOException {
        var all = new ArrayList<>(List.of("--argocd", INSTALL, "--timeout", "60"));
        all.addAll(List.of(arguments));
        return new ArgoCd(cluster.server(), sandbox.checkout())
                .syncing(() -> sandbox.script("bootstrap", all.toArray(String[]::new)));
    }

    private Yaml source(String application) {
        return get("application", application).object("spec", "source");
    }

    private Yaml get(String kind, String name) {
        return Yaml.stored(cluster.server(), kind, name, "argocd");
    }

    private String currentContext() {
        return sandbox.kubectl("config", "current-context").out().strip();
    }
}
