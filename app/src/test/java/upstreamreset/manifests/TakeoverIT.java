// SPDX-License-Identifier: Apache-2.0
package upstreamreset.manifests;

import static org.assertj.core.api.Assertions.assertThat;

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

/** scripts/bootstrap takes over nothing that is there, and scripts/teardown deletes only what bootstrap made. */
@Tag("kube")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Execution(ExecutionMode.CONCURRENT)
@ResourceLock("TakeoverIT")
class TakeoverIT {
    private static final List<String> BASIC = List.of(
            "--context", "test", "--overlay", "single", "--image", "example.org/a/upstream-reset:1", "--timeout", "60");

    /** Somebody's Istio of a revision, as far as bootstrap looks. */
    private static final String ISTIO = """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: istiod-stable, namespace: istio-system, labels: {app: istiod}}
            spec:
              selector: {matchLabels: {app: istiod}}
              template:
                metadata: {labels: {app: istiod}}
                spec: {containers: [{name: discovery, image: x}]}
            ---
            apiVersion: admissionregistration.k8s.io/v1
            kind: MutatingWebhookConfiguration
            metadata: {name: istio-sidecar-injector-stable, labels: {app: sidecar-injector, istio.io/rev: stable}}
            """;

    /** Somebody's Argo CD in a namespace of its own, which judges its applications' health. */
    private static final String ARGO_CD = """
            apiVersion: apps/v1
            kind: StatefulSet
            metadata:
              name: argocd-application-controller
              namespace: argocd
              labels: {app.kubernetes.io/name: argocd-application-controller}
            spec:
              serviceName: x
              selector: {matchLabels: {app: x}}
              template:
                metadata: {labels: {app: x}}
                spec: {containers: [{name: x, image: x}]}
            ---
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: argocd-cm, namespace: argocd}
            data:
              resource.customizations.health.argoproj.io_Application: return obj.status.health
            """;

    private final Cluster cluster = Cluster.start();
    private Sandbox sandbox;

    @BeforeEach
    void makeSandbox(@TempDir Path folder) {
        sandbox = Sandbox.in(folder)
                .on(cluster.server().kubectl(), cluster.server().kubeconfig());
        var server = cluster.server();
        server.run("label", "crd", "--all", "upstream-reset/made-by-");
        server.run("delete", "statefulsets,deployments", "-A", "--all");
        server.run("delete", "mutatingwebhookconfigurations", "--all");
        server.run("delete", "configmaps", "-n", "argocd", "argocd-cm", "--ignore-not-found");
        server.run("delete", "services", "-n", "default", "curl", "--ignore-not-found");
        cluster.deleteApplications();
    }

    @AfterAll
    void stop() {
        cluster.close();
    }

    @Test
    void anArgoCdThatIsThereIsNamedAndLeftAlone() {
        var result = bootstrap();

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err())
                .contains(
                        "Argo CD is on context 'test' already (CRD applications.argoproj.io) and not ours: it is left alone.")
                .contains("--use-argocd installs the lab by it, --no-argocd without it");
        assertThat(applications()).isEmpty();
    }

    @Test
    void anArgoCdThatIsNotThereCannotBeUsed() {
        assertThat(bootstrap("--use-argocd").err())
                .contains("the CRDs of Argo CD are on context 'test', but no application controller runs");
    }

    @Test
    void anIstioThatIsThereIsNamedAndLeftAlone() {
        cluster.server().apply(ARGO_CD);
        cluster.server().apply(ISTIO);

        var result = bootstrap("--use-argocd");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err())
                .contains(
                        "Istio is on context 'test' already (istiod in namespace istio-system (istiod-stable)) and not ours:"
                                + " it is left alone. --use-istio uses it");
        assertThat(applications()).isEmpty();
    }

    @Test
    void aRevisionThatIsNotThereIsSaidSo() {
        cluster.server().apply(ARGO_CD);
        cluster.server().apply(ISTIO);

        assertThat(bootstrap("--use-argocd", "--use-istio=canary").err())
                .contains("Istio has no revision canary on context 'test'; there is stable");
    }

    @Test
    void anObjectOfAnothersUnderOurNameIsLeftAlone() {
        cluster.server().apply(ARGO_CD);
        cluster.server().apply(ISTIO);
        cluster.server().apply("""
                apiVersion: v1
                kind: Service
                metadata: {name: curl, namespace: default}
                spec: {ports: [{port: 80}]}
                """);

        assertThat(bootstrap("--use-argocd", "--use-istio").err())
                .contains("service/curl is in namespace default of context 'test' and not ours: it is left alone.");
    }

    @Test
    void whatIsThereIsUsedAndNotChanged() throws IOException {
        // Given
        cluster.server().apply(ARGO_CD);
        cluster.server().apply(ISTIO);
        var secret = pullSecret();
        var settings = cluster.server().run("get", "configmap", "argocd-cm", "-n", "argocd", "-o", "yaml");
        // When
        var result = new ArgoCd(cluster.server(), sandbox.checkout())
                .syncing(() -> bootstrap(
                        "--use-argocd",
                        "--use-istio",
                        "--namespace",
                        "team-b",
                        "--registry",
                        "mirror.example:5000/all",
                        "--pull-secret",
                        secret));
        // Then
        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.err())
                .contains("using the Argo CD in namespace argocd")
                .contains("using the Istio that is there, revision stable")
                .doesNotContain("installing Argo CD");
        assertThat(result.out()).contains("scripts/demo --context test --namespace team-b");
        assertThat(applications().lines()).containsExactlyInAnyOrder("upstream-reset", "mesh", "http-chunked", "curl");
        var app = Yaml.stored(cluster.server(), "application", "http-chunked", "argocd");
        assertThat(app.text("spec", "destination", "namespace")).isEqualTo("team-b");
        assertThat(app.text("spec", "source", "kustomize", "namespace")).isEqualTo("team-b");
        assertThat(app.texts("spec", "source", "kustomize", "images"))
                .containsExactly(
                        "upstream-reset=example.org/a/upstream-reset:1",
                        "docker.io/curlimages/curl=mirror.example:5000/all/curlimages/curl");
        assertThat(app.text("spec", "source", "kustomize", "patches", 0, "patch"))
                .contains("/spec/template/metadata/labels/istio.io~1rev")
                .contains("\"stable\"");
        for (var name : List.of("http-chunked", "curl")) {
            assertThat(Yaml.stored(cluster.server(), "application", name, "argocd")
                            .text("spec", "source", "kustomize", "patches", 1, "patch"))
                    .contains("value: [{name: \"pull\"}]");
        }
        assertThat(cluster.server().run("get", "configmap", "argocd-cm", "-n", "argocd", "-o", "yaml"))
                .isEqualTo(settings);
        assertThat(cluster.server().run("get", "namespace", "default", "-o", "jsonpath={.metadata.labels}"))
                .doesNotContain("istio-injection");
    }

    @Test
    void withoutArgoCdKubectlAppliesAndTeardownDeletesJustThat() {
        // Given
        cluster.server().apply(ISTIO);
        // When
        var result = bootstrap("--no-argocd", "--use-istio", "--namespace", "team-c");
        // Then
        assertThat(result.exitCode()).as(result.err()).isZero();
        var app = Yaml.stored(cluster.server(), "statefulset", "http-chunked", "team-c");
        assertThat(app.text("spec", "template", "spec", "containers", 0, "image"))
                .isEqualTo("example.org/a/upstream-reset:1");
        assertThat(app.object("spec", "template", "metadata", "labels").root()).containsEntry("istio.io/rev", "stable");
        assertThat(cluster.server().run("get", "telemetries.telemetry.istio.io", "-n", "team-c", "-o", "name"))
                .contains("upstream-reset");
        assertThat(applications()).isEmpty();

        // When
        var teardown = sandbox.script("teardown", "--context", "test", "--namespace", "team-c");
        // Then
        assertThat(teardown.exitCode()).as(teardown.err()).isZero();
        assertThat(teardown.err()).contains("Argo CD, which was there before");
        assertThat(cluster.server()
                        .run(
                                "get",
                                "all,roles,rolebindings,telemetries.telemetry.istio.io",
                                "-n",
                                "team-c",
                                "-o",
                                "name"))
                .isEmpty();
        assertThat(cluster.server().run("get", "validatingadmissionpolicies", "-o", "name"))
                .doesNotContain("http-chunked");
        assertThat(cluster.server().run("get", "namespace", "team-c", "-o", "jsonpath={.metadata.deletionTimestamp}"))
                .isNotEmpty();
        assertThat(cluster.server().run("get", "deployments", "-n", "istio-system", "-o", "name"))
                .contains("istiod-stable");
        assertThat(cluster.server().run("get", "crd", "-o", "name"))
                .contains("telemetries.telemetry.istio.io")
                .contains("applications.argoproj.io");
    }

    @Test
    void withoutArgoCdHelmInstallsIstioWhereNoneIsThereAndTeardownDeletesIt() throws IOException {
        // Given CRDs that an Istio of ours left
        cluster.server().run("label", "crd", "wasmplugins.extensions.istio.io", "upstream-reset/made-by=bootstrap");
        var noHelm = bootstrap("--no-argocd", "--namespace", "team-d");
        assertThat(noHelm.err()).contains("bootstrap: helm 3.8 or newer is needed, and none is on PATH.");
        sandbox.with("helm");
        // When
        var result = bootstrap(
                "--no-argocd",
                "--namespace",
                "team-d",
                "--registry",
                "mirror.example/all",
                "--pull-secret",
                pullSecret());
        // Then
        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(sandbox.calls())
                .containsSubsequence(
                        "helm template istio-base base --repo https://", "helm template istiod istiod --repo");
        assertThat(sandbox.state("values-istiod"))
                .contains("autoscaleEnabled: false\n")
                .contains("  hub: \"mirror.example/all/istio\"\n  imagePullSecrets: [\"pull\"]\n");
        assertThat(names("deployments", "istio-system")).isEqualTo("deployment.apps/istiod\n");
        var app = Yaml.stored(cluster.server(), "statefulset", "http-chunked", "team-d");
        assertThat(app.text("spec", "template", "spec", "imagePullSecrets", 0, "name"))
                .isEqualTo("pull");
        assertThat(names("secrets", "team-d")).isEqualTo("secret/pull\n");
        assertThat(names("secrets", "istio-system")).isEqualTo("secret/pull\n");

        // When
        var teardown = sandbox.script("teardown", "--context", "test", "--namespace", "team-d");
        // Then
        assertThat(teardown.exitCode()).as(teardown.err()).isZero();
        assertThat(names("deployments,secrets", "istio-system")).isEmpty();
        assertThat(names("serviceaccounts", "istio-system")).doesNotContain("istio-base");
        assertThat(names("secrets", "team-d")).isEmpty();
        assertThat(names("mutatingwebhookconfigurations", "default")).isEmpty();
        assertThat(names("crd", "default"))
                .contains("telemetries.telemetry.istio.io")
                .doesNotContain("wasmplugins.extensions.istio.io");
    }

    @Test
    void whoHasRightsInOneNamespaceOnlyInstallsTheLabThereAndTakesItAway(@TempDir Path folder) {
        // Given
        cluster.server().apply(ISTIO);
        cluster.server().apply("""
                apiVersion: v1
                kind: Namespace
                metadata: {name: team-e}
                ---
                apiVersion: rbac.authorization.k8s.io/v1
                kind: Role
                metadata: {name: developer, namespace: team-e}
                rules:
                - apiGroups: ["", apps, policy, networking.k8s.io, rbac.authorization.k8s.io, coordination.k8s.io]
                  resources: ["*"]
                  verbs: ["*"]
                ---
                apiVersion: rbac.authorization.k8s.io/v1
                kind: RoleBinding
                metadata: {name: developer, namespace: team-e}
                roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: developer}
                subjects: [{kind: ServiceAccount, name: developer, namespace: team-a}]
                ---
                apiVersion: v1
                kind: ServiceAccount
                metadata: {name: developer, namespace: team-a}
                """);
        var developer =
                cluster.server().kubeconfig("developer", cluster.server().token("team-a", "developer"), "team-e");
        var theirs = Sandbox.in(folder).on(cluster.server().kubectl(), developer);
        // When
        assertThat(theirs.script("bootstrap", BASIC.toArray(String[]::new)).err())
                .contains(
                        "you may not ask whether Argo CD is on context 'test'. --no-argocd installs the lab without it");
        var options = new ArrayList<>(BASIC);
        options.addAll(List.of("--overlay", "namespaced", "--no-argocd", "--namespace", "team-e"));
        assertThat(theirs.script("bootstrap", options.toArray(String[]::new)).err())
                .contains("you may not ask whether Istio is on context 'test': say --use-istio where it is");
        options.add("--use-istio=stable");
        var result = theirs.script("bootstrap", options.toArray(String[]::new));
        // Then
        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.err())
                .contains("you may not ask which revisions Istio has: stable is taken")
                .contains("you may not create a Telemetry");
        assertThat(Yaml.stored(cluster.server(), "statefulset", "http-chunked", "team-e")
                        .object("spec", "template", "metadata", "labels")
                        .root())
                .containsEntry("istio.io/rev", "stable");

        // When
        var teardown = theirs.script("teardown", "--context", "test", "--namespace", "team-e");
        // Then
        assertThat(teardown.exitCode()).as(teardown.err()).isZero();
        assertThat(teardown.err()).contains("Argo CD, if it is there: you may not ask");
        assertThat(names("statefulsets,services", "team-e")).isEmpty();
    }

    @Test
    void aSecretThatPullsNothingIsRefused() throws IOException {
        Files.writeString(sandbox.checkout().resolve("pull.yaml"), """
                apiVersion: v1
                kind: Secret
                metadata: {name: pull}
                stringData: {password: x}
                """);

        assertThat(bootstrap("--no-argocd", "--pull-secret", "pull.yaml").err())
                .contains("pull.yaml is not a Secret of type kubernetes.io/dockerconfigjson. One is written by:"
                        + " kubectl create");
    }

    @Test
    void aFolderOfChartsIsNothingForArgoCd() {
        assertThat(bootstrap("--charts", "manifests").err()).contains("a folder goes with --no-argocd.");
        assertThat(bootstrap("--no-argocd", "--charts", "nowhere").err()).contains("there is no folder");
    }

    private String pullSecret() throws IOException {
        return Files.writeString(sandbox.checkout().resolve("pull.yaml"), """
                        apiVersion: v1
                        kind: Secret
                        metadata: {name: pull}
                        type: kubernetes.io/dockerconfigjson
                        stringData: {.dockerconfigjson: '{"auths": {}}'}
                        """).toString();
    }

    private String names(String kinds, String namespace) {
        return cluster.server().run("get", kinds, "-n", namespace, "-o", "name");
    }

    private Sandbox.Result bootstrap(String... arguments) {
        var all = new ArrayList<>(BASIC);
        all.addAll(List.of(arguments));
        return sandbox.script("bootstrap", all.toArray(String[]::new));
    }

    private String applications() {
        return cluster.server()
                .run(
                        "get",
                        "applications",
                        "-n",
                        "argocd",
                        "-o",
                        "jsonpath={range .items[*]}{.metadata.name}{\"\\n\"}{end}");
    }
}
