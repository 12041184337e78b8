// SPDX-License-Identifier: Apache-2.0
package upstreamreset.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every manifest that we ship is one that a real API server takes, with every field known to it. */
@Tag("kube")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ManifestsIT {
    private final Cluster cluster;

    ManifestsIT() {
        cluster = Cluster.start();
    }

    @AfterAll
    void stop() {
        cluster.close();
    }

    @TestFactory
    Stream<DynamicTest> theApiServerTakesWhatKustomizeBuildsOf() {
        return Stream.concat(
                        Repository.kustomizations("manifests").stream(), Repository.kustomizations("argocd").stream())
                .map(folder -> DynamicTest.dynamicTest(folder, () -> assertTaken(cluster.build(folder))));
    }

    @TestFactory
    Stream<DynamicTest> theApiServerTakesEachFileOfArgoCd() {
        return Stream.concat(Repository.yamlFiles("argocd").stream(), Repository.yamlFiles("argocd/apps").stream())
                .map(file -> DynamicTest.dynamicTest(file, () -> assertTaken(Repository.text(file))));
    }

    /** A key of each kind that we ship, spelt wrong. */
    @ParameterizedTest
    @CsvSource({
        "manifests/overlays/single, readOnlyRootFilesystem, readOnlyRootFileSystem",
        "manifests/overlays/single, targetPort, targetport",
        "manifests/overlays/single, automountServiceAccountToken, automountServiceAccountTokens",
        "manifests/overlays/single, resourceNames, resourcesNames",
        "manifests/overlays/single, roleRef, roleref",
        "manifests/overlays/single, maxUnavailable, maxUnavailible",
        "manifests/overlays/single, matchConditions, matchCondition",
        "manifests/overlays/single, policyName, policy",
        "manifests/base/curl, terminationGracePeriodSeconds, terminationGracePeriod",
        "manifests/mesh, accessLogging, accessLoging",
        "argocd/apps, ignoreDifferences, ignoreDifference",
        "argocd/apps, jqPathExpressions, jqPathExpression",
        "argocd/apps, namespaceResourceWhitelist, namespacedResourceWhitelist",
    })
    void aMisspeltFieldIsRefused(String folder, String right, String wrong) {
        var built = cluster.build(folder);
        assertThat(built).contains(right + ":");

        var result = cluster.dryRun(built.replace(right + ":", wrong + ":"));

        assertThat(result.exitCode()).isNotZero();
        assertThat(result.err()).contains(wrong);
    }

    @Test
    void podSecurityRestrictedAdmitsOurPods() {
        // Given
        cluster.server().apply("""
                apiVersion: v1
                kind: Namespace
                metadata:
                  name: restricted
                  labels: {pod-security.kubernetes.io/enforce: restricted}
                ---
                apiVersion: v1
                kind: ServiceAccount
                metadata: {name: default, namespace: restricted}
                ---
                apiVersion: v1
                kind: ServiceAccount
                metadata: {name: http-chunked, namespace: restricted}
                """);
        for (var folder : List.of(
                "manifests/overlays/single",
                "manifests/overlays/leader",
                "manifests/overlays/local",
                "manifests/base/curl")) {
            for (var set : Yaml.all(cluster.build(folder)).stream()
                    .filter(each -> each.kind().equals("StatefulSet"))
                    .toList()) {
                // When
                var pod = podOf(set, "restricted");
                // Then
                assertTaken(pod.toString());
                pod.object("spec", "containers", 0, "securityContext").root().remove("capabilities");
                assertThat(cluster.dryRun(pod.toString()).err()).contains("violates PodSecurity \"restricted");
            }
        }
    }

    /** Argo CD holds a Service of type LoadBalancer for Progressing until it has an address, which kind never gives it. */
    @Test
    void onlyTheOverlayThatSaysSoNeedsALoadBalancer() {
        assertThat(Repository.kustomizations("manifests/overlays"))
                .filteredOn(folder -> cluster.build(folder).contains("type: LoadBalancer"))
                .containsExactly("manifests/overlays/leader-load-balancer");
    }

    @Test
    void theLabsNamespaceOnlyWarns() {
        var labels = Yaml.one(Yaml.all(cluster.build("manifests/mesh")), "Namespace", "default")
                .object("metadata", "labels");

        assertThat(labels.root())
                .containsEntry("istio-injection", "enabled")
                .containsEntry("pod-security.kubernetes.io/warn", "restricted")
                .containsEntry("pod-security.kubernetes.io/audit", "restricted")
                .doesNotContainKey("pod-security.kubernetes.io/enforce");
    }

    /** A Pod as the StatefulSet's controller makes its first one. */
    static Yaml podOf(Yaml statefulSet, String namespace) {
        var metadata = statefulSet.object("spec", "template", "metadata");
        metadata.with("name", statefulSet.name() + "-0").with("namespace", namespace);
        return Yaml.empty()
                .with("apiVersion", "v1")
                .with("kind", "Pod")
                .with("metadata", metadata.root())
                .with("spec", statefulSet.at("spec", "template", "spec"));
    }

    private void assertTaken(String manifests) {
        if (Yaml.all(manifests).isEmpty()) {
            // A component alone that only patches what others bring.
            return;
        }
        var result = cluster.dryRun(manifests);
        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.out().lines()).hasSameSizeAs(Yaml.all(manifests));
    }
}
