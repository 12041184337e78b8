// SPDX-License-Identifier: Apache-2.0
package upstreamreset.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The applications wait for one another, leave to others what is theirs, and keep within their project. */
class ArgoCdApplicationsTest {
    private static final String SYNC_WAVE = "argocd.argoproj.io/sync-wave";

    private final List<Yaml> objects = Repository.yamlFiles("argocd/apps").stream()
            .map(file -> Yaml.all(Repository.text(file)).getFirst())
            .toList();

    private List<Yaml> applications() {
        return objects.stream()
                .filter(each -> each.kind().equals("Application"))
                .toList();
    }

    private Yaml application(String name) {
        return Yaml.one(objects, "Application", name);
    }

    @Test
    void theyComeInWaves() {
        var byWave = objects.stream()
                .map(each -> each.text("metadata", "annotations", SYNC_WAVE) + " " + each.name())
                .sorted(Comparator.comparingInt(each -> Integer.parseInt(each.split(" ", 2)[0])))
                .toList();

        assertThat(byWave)
                .containsExactly("-1 upstream-reset", "0 istio-base", "1 istiod", "2 mesh", "3 curl", "3 http-chunked");
    }

    @Test
    void theyAreAppliedServerSideRetriedAndInTheProject() {
        for (var each : applications()) {
            var spec = each.object("spec");
            assertThat(spec.text("project")).isEqualTo("upstream-reset");
            assertThat(spec.texts("syncPolicy", "syncOptions")).contains("ServerSideApply=true");
            assertThat(spec.object("syncPolicy", "retry", "backoff").root())
                    .containsKeys("duration", "factor", "maxDuration");
            assertThat(spec.object("syncPolicy", "automated").root()).containsKeys("prune", "selfHeal");
        }
        assertThat(application("istio-base").at("spec", "syncPolicy", "automated", "prune"))
                .as("a pruned CRD takes every object of its kind along")
                .isEqualTo(false);
    }

    @Test
    void whatIsIgnoredIsAlsoLeftAloneOnSync() {
        var ignoring = applications().stream()
                .filter(each -> each.object("spec").has("ignoreDifferences"))
                .toList();

        assertThat(ignoring).extracting(Yaml::name).containsExactly("http-chunked", "istio-base", "istiod");
        assertThat(ignoring)
                .allSatisfy(each -> assertThat(each.texts("spec", "syncPolicy", "syncOptions"))
                        .contains("RespectIgnoreDifferences=true"));
    }

    @Test
    void theReplicasAndTheLeadersSelectorAreNotArgosToSet() {
        assertThat(ignored("http-chunked"))
                .containsExactlyInAnyOrder(
                        "apps/StatefulSet http-chunked [/spec/replicas]",
                        "/Service http-chunked-leader [/spec/selector]");
    }

    @Test
    void theWebhooksAreIstiodsToFillIn() {
        var filledIn = "[.webhooks[]?.clientConfig.caBundle, .webhooks[]?.failurePolicy]";

        assertThat(ignored("istio-base"))
                .containsExactly("admissionregistration.k8s.io/ValidatingWebhookConfiguration istiod-default-validator "
                        + filledIn);
        assertThat(ignored("istiod"))
                .containsExactlyInAnyOrder(
                        "admissionregistration.k8s.io/ValidatingWebhookConfiguration istio-validator-istio-system "
                                + filledIn,
                        "admissionregistration.k8s.io/MutatingWebhookConfiguration istio-sidecar-injector"
                                + " [.webhooks[]?.clientConfig.caBundle]");
    }

    private Stream<String> ignored(String application) {
        return application(application).objects("spec", "ignoreDifferences").stream()
                .map(each -> each.text("group") + "/" + each.kind() + " " + each.text("name") + " "
                        + each.texts(each.has("jsonPointers") ? "jsonPointers" : "jqPathExpressions"));
    }

    /** Whatever the overlay: one mesh is of one version. */
    @Test
    void allIstioChartsAreOfOnePinnedVersion() {
        var sources = Repository.objects("argocd")
                .filter(each -> each.kind().equals("Application"))
                .map(each -> each.object("spec", "source"))
                .filter(each -> each.has("chart"))
                .toList();

        assertThat(sources).extracting(each -> each.text("chart")).contains("base", "istiod", "cni", "ztunnel");
        assertThat(sources)
                .extracting(each -> each.text("targetRevision"))
                .allMatch(version -> version.matches("1\\.[3-9][0-9]\\.[0-9]+"))
                .containsOnly(application("istiod").text("spec", "source", "targetRevision"));
    }

    /** scripts/bootstrap takes the folder of the overlay's name. */
    @Test
    void everyFolderOfApplicationsIsAnOverlays() {
        assertThat(Repository.kustomizations("argocd"))
                .filteredOn(folder -> !List.of("argocd/apps", "argocd/cni").contains(folder))
                .isNotEmpty()
                .allMatch(folder -> Repository.kustomizations("manifests/overlays")
                        .contains(folder.replace("argocd/", "manifests/overlays/")));
    }

    /** Argo CD refuses what the project does not list. */
    @Test
    void theProjectAllowsEachObjectOfOurs() {
        var project = Yaml.one(objects, "AppProject", "upstream-reset");
        var cluster = kinds(project, "clusterResourceWhitelist");
        var namespaced = kinds(project, "namespaceResourceWhitelist");

        assertThat(Repository.objects("manifests").map(each -> group(each) + "/" + each.kind()))
                .isNotEmpty()
                // Only in overlay ambient, whose applications allow it themselves.
                .filteredOn(kind -> !kind.equals("gateway.networking.k8s.io/Gateway"))
                .allMatch(kind -> cluster.contains(kind) || namespaced.contains(kind));
    }

    private static List<String> kinds(Yaml project, String list) {
        return project.objects("spec", list).stream()
                .map(each -> each.text("group") + "/" + each.kind())
                .toList();
    }

    private static String group(Yaml object) {
        var apiVersion = object.text("apiVersion");
        return apiVersion.contains("/") ? apiVersion.substring(0, apiVersion.indexOf('/')) : "";
    }
}
