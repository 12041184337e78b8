// SPDX-License-Identifier: Apache-2.0
package upstreamreset.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import upstreamreset.cli.Main;

/** The port, the names, the labels and the settings are the same in manifests, scripts, README and code. */
class NamesTest {
    private final Yaml statefulSet =
            Yaml.all(Repository.text("manifests/base/statefulset.yaml")).getFirst();
    private final List<Yaml> services = Stream.of("base/services.yaml", "components/election/service.yaml")
            .flatMap(file -> Yaml.all(Repository.text("manifests/" + file)).stream())
            .toList();
    private final String scripts = Repository.text("scripts/lib/cluster.sh");

    private Yaml container() {
        return statefulSet.object("spec", "template", "spec", "containers", 0);
    }

    private Yaml service(String name) {
        return Yaml.one(services, "Service", name);
    }

    @Test
    void thePortIsTheOneThatServeListensOn() {
        var port = container().text("ports", 0, "containerPort");

        assertThat(serveHelp()).contains("Environment: PORT. Default: " + port + ".");
        assertThat(service("http-chunked").text("spec", "ports", 0, "port")).isEqualTo(port);
        assertThat(service("http-chunked-pods").text("spec", "ports", 0, "port"))
                .isEqualTo(port);
        assertThat(scripts).contains("readonly APP_PORT=" + port + "\n");
        assertThat(Pattern.compile("http-chunked:(\\d+)")
                        .matcher(readme())
                        .results()
                        .map(match -> match.group(1)))
                .allMatch(port::equals);
    }

    @Test
    void everyPortIsNamedHttpForIstio() {
        assertThat(container().text("ports", 0, "name")).isEqualTo("http");
        for (var service : services) {
            assertThat(service.text("spec", "ports", 0, "name")).isEqualTo("http");
            assertThat(service.text("spec", "ports", 0, "targetPort")).isEqualTo("http");
        }
        assertThat(service("http-chunked-leader").text("spec", "ports", 0, "port"))
                .isEqualTo("80");
    }

    @Test
    void theNamesOfTheScriptsAreThoseOfTheManifests() {
        assertThat(scripts)
                .contains("readonly APP=" + statefulSet.name() + "\n")
                .contains("readonly LEADER=" + service("http-chunked-leader").name() + "\n")
                .contains("readonly DEFAULT_NAMESPACE=default\n")
                .contains("readonly ROOT_APPLICATION="
                        + Yaml.all(Repository.text("argocd/root.yaml"))
                                .getFirst()
                                .name() + "\n");
        assertThat(container().text("name")).isEqualTo("http-chunked");
        assertThat(statefulSet.text("spec", "serviceName")).isEqualTo("http-chunked-pods");
        assertThat(Repository.text("scripts/sniff")).contains("$pod.$APP-pods:$APP_PORT");
    }

    @Test
    void theLabelsAreSelected() {
        var labels = statefulSet.object("spec", "template", "metadata", "labels");
        assertThat(labels.root()).containsEntry("app", "http-chunked").containsEntry("sidecar.istio.io/inject", "true");
        assertThat(statefulSet.text("spec", "selector", "matchLabels", "app")).isEqualTo("http-chunked");
        assertThat(service("http-chunked").text("spec", "selector", "app")).isEqualTo("http-chunked");
        assertThat(service("http-chunked-leader").object("spec").has("selector"))
                .as("the leader writes it")
                .isFalse();
        var curl = Yaml.one(Yaml.all(Repository.text("manifests/base/curl/curl.yaml")), "StatefulSet", "curl");
        assertThat(curl.object("spec", "template", "metadata", "labels").root())
                .containsEntry("sidecar.istio.io/inject", "false");
    }

    @Test
    void theElectionsSettingsAreOnesThatServeReads() {
        var help = serveHelp();
        assertThat(Stream.concat(settings().stream(), slowerSettings().stream()))
                .isNotEmpty()
                .allMatch(setting -> help.contains("Environment: " + setting.substring(0, setting.indexOf('=')) + "."));
    }

    @Test
    void theOverlayLeaderHasTheOriginalsSlowerTiming() {
        assertThat(settings())
                .containsExactlyInAnyOrder(
                        "LEASE_NAME=http-chunked-leader", "LEASE_DURATION=15", "RENEWAL_DEADLINE=10", "RETRY_PERIOD=5");
        assertThat(slowerSettings())
                .containsExactlyInAnyOrder("LEASE_DURATION=30", "RENEWAL_DEADLINE=15", "RETRY_PERIOD=10");
    }

    @Test
    void thePodTellsTheAppWhoItIs() {
        assertThat(Stream.of("base/statefulset.yaml", "components/election/kustomization.yaml")
                        .flatMap(file -> pairs(
                                "manifests/" + file, "name: (\\w+)\\s+valueFrom:\\s+fieldRef:\\s+fieldPath: (\\S+)")))
                .containsExactly("HOSTNAME=metadata.name", "POD_NAMESPACE=metadata.namespace", "POD_UID=metadata.uid");
    }

    @Test
    void theGracePeriodFitsAllThatAPodDoesAtItsEnd() {
        var drain = Pattern.compile("Environment: DRAIN\\. Default: (\\d+)s")
                .matcher(serveHelp())
                .results()
                .map(match -> Duration.ofSeconds(Long.parseLong(match.group(1))))
                .findFirst()
                .orElseThrow();

        var preStop = Integer.parseInt(container().text("lifecycle", "preStop", "sleep", "seconds"));
        var period = Integer.parseInt(statefulSet.text("spec", "template", "spec", "terminationGracePeriodSeconds"));
        // The Lease's release, as ServeCommand bounds it, and the sidecar's own drain.
        assertThat(drain.plusSeconds(preStop + 4 + 5)).isLessThan(Duration.ofSeconds(period));
    }

    @Test
    void theLeasesNameIsTheOneThatTheRoleBinds() {
        assertThat(Lab.role().objects("rules").stream()
                        .filter(rule -> rule.has("resourceNames"))
                        .flatMap(rule -> rule.texts("resourceNames").stream()))
                .containsOnly("http-chunked-leader");
        assertThat(Repository.text("scripts/lib/cluster.sh")).contains("readonly LEADER=http-chunked-leader\n");
    }

    @Test
    void noManifestIsLeftOutOfItsKustomization() {
        for (var folder : Stream.of("manifests", "argocd")
                .flatMap(each -> Repository.kustomizations(each).stream())
                .toList()) {
            var kustomization =
                    Yaml.all(Repository.text(folder + "/kustomization.yaml")).getFirst();
            var files = kustomization.has("resources") ? kustomization.texts("resources") : List.<String>of();
            assertThat(Repository.yamlFiles(folder).stream().map(file -> file.substring(folder.length() + 1)))
                    .as(folder)
                    .containsExactlyInAnyOrderElementsOf(files.stream()
                            .filter(each -> each.endsWith(".yaml"))
                            .toList());
        }
    }

    /** Who applies them says where: kubectl, an overlay, or Argo CD. */
    @Test
    void noBaseAndNoComponentNamesANamespace() {
        assertThat(Stream.of("manifests/base", "manifests/components", "manifests/mesh")
                        .flatMap(folder -> Repository.kustomizations(folder).stream())
                        .flatMap(folder -> Stream.concat(
                                Stream.of(folder + "/kustomization.yaml"), Repository.yamlFiles(folder).stream()))
                        .filter(file -> Pattern.compile("(?m)^ *namespace:")
                                .matcher(Repository.text(file))
                                .find()))
                .isEmpty();
    }

    @Test
    void aScriptThatTheReadmeTellsOfIsThere() {
        assertThat(Pattern.compile("scripts/([a-z-]+)")
                        .matcher(readme())
                        .results()
                        .map(match -> match.group(1)))
                .isNotEmpty()
                .allMatch(name -> Files.exists(Repository.path("scripts/" + name)));
    }

    private static List<String> settings() {
        var generator = Yaml.all(Repository.text("manifests/components/election/kustomization.yaml"))
                .getFirst()
                .object("configMapGenerator", 0);
        return generator.texts("literals");
    }

    private static List<String> slowerSettings() {
        return pairs("manifests/overlays/leader/kustomization.yaml", "path: /data/(\\w+)\\s+value: \"(\\d+)\"")
                .toList();
    }

    /** What the pattern's two groups match, as {@code first=second}. */
    private static Stream<String> pairs(String file, String pattern) {
        return Pattern.compile(pattern)
                .matcher(Repository.text(file))
                .results()
                .map(match -> match.group(1) + "=" + match.group(2));
    }

    /** 4 s for the Lease, beside the lame duck's time, 2 s for what takes none, and 5 s for the sidecar. */
    @Test
    void theGraceOfAPodIsLongerThanItsStop() {
        var help = serveHelp();
        var pod = Repository.text("manifests/base/statefulset.yaml");
        int preStop = number(pod, "sleep:\\s+seconds: (\\d+)");
        int lameDuck = number(help, "LAME_DUCK\\. Default: (\\d+)s");
        int drain = number(help, "DRAIN\\. Default: (\\d+)s");
        assertThat(preStop + Math.max(lameDuck, 4) + drain + 2 + 5)
                .isLessThan(number(pod, "terminationGracePeriodSeconds: (\\d+)"));
    }

    private static int number(String text, String pattern) {
        var match = Pattern.compile(pattern).matcher(text);
        assertThat(match.find()).as(pattern).isTrue();
        return Integer.parseInt(match.group(1));
    }

    /** The words of {@code serve --help}, however its lines are broken. */
    private static String serveHelp() {
        var out = new StringWriter();
        Main.run(new PrintWriter(out), new PrintWriter(out), "serve", "--help");
        return out.toString().replaceAll("\\s+", " ");
    }

    private static String readme() {
        return Repository.text("README.md") + Repository.text("docs/cluster.md");
    }
}
