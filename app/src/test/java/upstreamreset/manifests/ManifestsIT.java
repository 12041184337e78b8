// SPDX-License-Identifier: Apache-2.0
package upstreamreset.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every manifest that we ship is one that a real API server takes, with every field known to it. */
@Tag("kube")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ManifestsIT {
    private static final Set<String> NOT_IN_A_NAMESPACE =
            Set.of("Namespace", "ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding");

    private final Cluster cluster;

    ManifestsIT() {
        cluster = Cluster.start();
        for (var crd : List.of("servicemonitor-crd", "gateway-crd")) {
            cluster.server().apply(resource(crd));
        }
        cluster.server().run("wait", "--for=condition=Established", "crd", "--all", "--timeout=60s");
    }

    @AfterAll
    void stop() {
        cluster.close();
    }

    @TestFactory
    Stream<DynamicTest> theApiServerTakesWhatKustomizeBuildsOf() {
        return Stream.of("manifests/base", "manifests/mesh", "manifests/overlays", "argocd")
                .flatMap(folder -> Repository.kustomizations(folder).stream())
                .map(folder -> DynamicTest.dynamicTest(folder, () -> assertTaken(cluster.build(folder))));
    }

    /** Its patches name what they change, and change nothing where that is not there. */
    @TestFactory
    Stream<DynamicTest> aComponentBuildsAlone() {
        return Repository.kustomizations("manifests/components").stream()
                .map(folder -> DynamicTest.dynamicTest(folder, () -> cluster.build(folder)));
    }

    @TestFactory
    Stream<DynamicTest> theApiServerTakesInAnyNamespaceTheAppWith(@TempDir Path folder) {
        return Repository.kustomizations("manifests/components").stream()
                .map(component -> DynamicTest.dynamicTest(component, () -> {
                    var built = composed(folder, component);
                    assertTaken(built);
                    assertThat(Yaml.all(built))
                            .filteredOn(each -> !NOT_IN_A_NAMESPACE.contains(each.kind()))
                            .isNotEmpty()
                            .allMatch(each -> each.text("metadata", "namespace").equals("team-a"));
                    assertThat(built).doesNotContain("namespace: default");
                }));
    }

    /** The app in namespace team-a, with the election and one more component. */
    private String composed(Path folder, String component) throws IOException {
        var kustomization = Yaml.empty()
                .with("namespace", "team-a")
                .with("resources", List.of(relative(folder, "manifests/base")))
                .with(
                        "components",
                        Stream.of("manifests/components/election", component)
                                .distinct()
                                .map(each -> relative(folder, each))
                                .toList());
        Files.writeString(folder.resolve("kustomization.yaml"), kustomization.toString());
        return cluster.server().run("kustomize", folder.toString());
    }

    private static String relative(Path folder, String path) {
        try {
            return folder.toRealPath().relativize(Repository.path(path)).toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The kustomization of docs/your-cluster.md, with this checkout's commit in the place of the repository's. */
    @Test
    void aGitReferenceBuildsWithoutArgoCd(@TempDir Path folder) throws IOException {
        var remote =
                Sandbox.in(Files.createDirectory(folder.resolve("sandbox"))).remote();
        var page = Repository.text("docs/your-cluster.md");
        var start = page.indexOf("```yaml\n") + "```yaml\n".length();
        var kustomization = page.substring(start, page.indexOf("```", start))
                .replace("https://github.com/OWNER/upstream-reset//", "file://" + remote + "//")
                .replace("ref=COMMIT", "ref=main");
        Files.writeString(folder.resolve("kustomization.yaml"), kustomization);

        var built = cluster.server().run("kustomize", folder.toString());

        assertTaken(built);
        assertThat(Yaml.all(built))
                .extracting(Yaml::kind)
                .contains("StatefulSet", "Telemetry", "Role")
                .doesNotContainAnyElementsOf(NOT_IN_A_NAMESPACE);
        assertThat(Pattern.compile("(?m)^ +image: (.*)$").matcher(built).results())
                .extracting(image -> image.group(1))
                .containsExactlyInAnyOrder("ghcr.io/OWNER/upstream-reset:v1", "registry.example/curl:" + curlsTag());
        assertThat(Pattern.compile("(?m)^ +namespace: (.*)$").matcher(built).results())
                .extracting(namespace -> namespace.group(1))
                .containsOnly("team-a");
    }

    private static String curlsTag() {
        var image = Yaml.one(Yaml.all(Repository.text("manifests/base/curl/curl.yaml")), "StatefulSet", "curl")
                .text("spec", "template", "spec", "containers", 0, "image");
        return image.substring(image.lastIndexOf(':') + 1);
    }

    /** Who may not make such objects takes overlay namespaced. */
    @Test
    void nothingButThePolicyIsClusterScoped() {
        assertThat(clusterScoped("manifests/overlays/single"))
                .containsExactlyInAnyOrder("ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding");
        assertThat(clusterScoped("manifests/overlays/namespaced")).isEmpty();
        assertThat(clusterScoped("manifests/mesh")).isEmpty();
        assertThat(clusterScoped("manifests/base/curl")).isEmpty();
    }

    private Stream<String> clusterScoped(String folder) {
        return Yaml.all(cluster.build(folder)).stream().map(Yaml::kind).filter(NOT_IN_A_NAMESPACE::contains);
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
        "manifests/overlays/ambient, targetRefs, targetRef",
        "manifests/overlays/ambient, gatewayClassName, gatewayClass",
        "argocd/ambient, valuesObject, valuesObjects",
        "manifests/overlays/single, preStop, prestop",
        "manifests/mesh, matchLabels, matchLabel",
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
        makeRestrictedNamespace();
        int pods = 0;
        for (var folder : Stream.of("manifests/overlays", "manifests/base")
                .flatMap(each -> Repository.kustomizations(each).stream())
                .toList()) {
            for (var set : Yaml.all(cluster.build(folder)).stream()
                    .filter(each -> each.kind().equals("StatefulSet"))
                    .toList()) {
                // When
                pods++;
                var pod = podOf(set, "restricted");
                // Then
                assertTaken(pod.toString());
                pod.object("spec", "containers", 0, "securityContext").root().remove("capabilities");
                assertThat(cluster.dryRun(pod.toString()).err()).contains("violates PodSecurity \"restricted");
            }
        }
        assertThat(pods).isPositive();
    }

    /** Argo CD holds a Service of type LoadBalancer for Progressing until it has an address, which kind never gives it. */
    @Test
    void onlyTheOverlayThatSaysSoNeedsALoadBalancer() {
        assertThat(Repository.kustomizations("manifests/overlays"))
                .filteredOn(folder -> cluster.build(folder).contains("type: LoadBalancer"))
                .containsExactly("manifests/overlays/leader-load-balancer");
    }

    /** Strangers are not shown what the app answers to others. */
    @Test
    void theOverlayWithALoadBalancerHasNoLiveView() {
        assertThat(cluster.build("manifests/overlays/leader-load-balancer").replaceAll("\\s+", " "))
                .contains("name: LIVE value: \"off\"");
        assertThat(cluster.build("manifests/overlays/leader")).doesNotContain("LIVE");
    }

    /** The Pod with its sidecar: two that istiod made of ours, of which the one is refused for istio-init. */
    @Test
    void podSecurityRestrictedAdmitsTheInjectedPodWhereIstioCniIs() {
        makeRestrictedNamespace();

        assertTaken(resource("injected-with-cni"));
        assertThat(cluster.dryRun(resource("injected-without-cni")).err())
                .contains("violates PodSecurity \"restricted", "istio-init")
                .doesNotContain("container \"istio-proxy\"", "container \"http-chunked\"");
    }

    @Test
    void theInjectedPodsAreOfTheManifestsAsTheyAre() {
        var ours = Yaml.one(Yaml.all(cluster.build("manifests/overlays/restricted")), "StatefulSet", "http-chunked")
                .object("spec", "template", "spec");
        for (var file : List.of("injected-with-cni", "injected-without-cni")) {
            var spec = Yaml.all(resource(file)).getFirst().object("spec");
            assertThat(spec.at("securityContext")).isEqualTo(ours.at("securityContext"));
            assertThat(spec.at("containers", 0, "securityContext"))
                    .isEqualTo(ours.at("containers", 0, "securityContext"));
        }
    }

    @Test
    void theOverlayRestrictedEnforcesIt() {
        var built = Yaml.all(cluster.build("manifests/overlays/restricted"));
        var namespace = Yaml.one(built, "Namespace", "upstream-reset");

        assertThat(namespace.object("metadata", "labels").root())
                .containsEntry("pod-security.kubernetes.io/enforce", "restricted");
        assertThat(built)
                .filteredOn(each -> !NOT_IN_A_NAMESPACE.contains(each.kind()))
                .isNotEmpty()
                .allMatch(each -> each.text("metadata", "namespace").equals("upstream-reset"));
    }

    @Test
    void onOpenShiftNoUserIsFixed() {
        for (var folder : List.of("manifests/overlays/openshift", "manifests/overlays/openshift/curl")) {
            assertThat(cluster.build(folder))
                    .contains("runAsNonRoot: true")
                    .doesNotContain("runAsUser", "runAsGroup", "fsGroup");
        }
    }

    /** One Service through the waypoint and one past it; of the two clients one is in the mesh. */
    @Test
    void inAmbientModeOneServiceHasAWaypointAndOneClientIsOutside() {
        var built = Yaml.all(cluster.build("manifests/overlays/ambient"));
        var clients = Yaml.all(cluster.build("manifests/overlays/ambient/curl"));

        assertThat(built)
                .filteredOn(each -> each.kind().equals("Service"))
                .filteredOn(each -> each.object("metadata", "labels").root().containsKey("istio.io/use-waypoint"))
                .extracting(Yaml::name)
                .containsExactly("http-chunked");
        assertThat(mode(built, "http-chunked")).isEqualTo("ambient");
        assertThat(mode(clients, "curl")).isEqualTo("ambient");
        assertThat(mode(clients, "curl-outside")).isEqualTo("none");
        assertThat(Stream.concat(built.stream(), clients.stream()))
                .filteredOn(each -> each.kind().equals("StatefulSet"))
                .isNotEmpty()
                .allMatch(each -> each.text("spec", "template", "metadata", "labels", "sidecar.istio.io/inject")
                        .equals("false"));
    }

    private static String mode(List<Yaml> objects, String statefulSet) {
        return Yaml.one(objects, "StatefulSet", statefulSet)
                .text("spec", "template", "metadata", "labels", "istio.io/dataplane-mode");
    }

    private void makeRestrictedNamespace() {
        Lab.makeRestrictedNamespace(cluster.server());
        Lab.makeAccount(cluster.server(), "http-chunked", "restricted");
    }

    private static String resource(String name) {
        return Repository.text("app/src/test/resources/upstreamreset/manifests/" + name + ".yaml");
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
        var result = cluster.dryRun(manifests);
        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.out().lines()).hasSameSizeAs(Yaml.all(manifests));
    }
}
