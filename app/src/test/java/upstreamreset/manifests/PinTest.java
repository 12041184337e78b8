// SPDX-License-Identifier: Apache-2.0
package upstreamreset.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code scripts/pin --list} names what the files use, and whatever is not in it is pinned by commit or digest. */
class PinTest {
    private static final Pattern ROW = Pattern.compile("(?m)^(action|chart|git|image) (\\S+) (\\S+) (\\S+)$");
    private static final Pattern USED = Pattern.compile("uses: +(\\S+)@(\\S+)");
    private static final Pattern IMAGE =
            Pattern.compile("\\b(?:docker\\.io/)?((?:curlimages|nicolaka)/[a-z]+|eclipse-temurin|debian):([\\w.-]+)");

    private record Pin(String name, String tag, String file) {}

    private final List<Pin> pins = ROW.matcher(Repository.text("scripts/pin"))
            .results()
            .map(row -> new Pin(row.group(2), row.group(3), row.group(4)))
            .toList();

    @Test
    void everyPinIsInTheFileItNames() {
        assertThat(pins).hasSizeGreaterThan(3);
        for (var pin : pins) {
            assertThat(contents(pin.file())).as(pin.file()).anyMatch(text -> text.contains(pin.tag()));
        }
    }

    @Test
    void everyImageThatIsPulledIsListed() {
        var images = Stream.of("app/pom.xml", "manifests", "scripts", ".github/workflows")
                .flatMap(path -> contents(path).stream())
                .flatMap(text -> IMAGE.matcher(text).results())
                .toList();

        assertThat(images).hasSizeGreaterThan(2);
        assertThat(images)
                .allSatisfy(image -> assertThat(pins)
                        .anyMatch(pin ->
                                pin.name().equals(image.group(1)) && pin.tag().equals(image.group(2))));
    }

    @Test
    void theWorkflowTakesTheKindThatTheScriptsNeed() {
        var needed =
                Pattern.compile("(?m)^readonly KIND_NEEDED=(\\S+)$").matcher(Repository.text("scripts/lib/cluster.sh"));

        assertThat(needed.find()).isTrue();
        assertThat(Repository.text(".github/workflows/cluster.yaml"))
                .contains("sigs.k8s.io/kind@v" + needed.group(1) + "\n");
        assertThat(Repository.text("scripts/kind.yaml"))
                .contains("kind " + needed.group(1) + " ")
                .contains("@sha256:");
    }

    @Test
    void everyChartIsListed() {
        var charts = Repository.objects("argocd")
                .filter(each -> each.kind().equals("Application"))
                .map(each -> each.object("spec", "source"))
                .filter(source -> source.has("chart"))
                .map(source -> source.text("chart") + " " + source.text("targetRevision"))
                .toList();

        assertThat(charts).hasSizeGreaterThan(3);
        assertThat(charts)
                .allSatisfy(chart -> assertThat(pins).anyMatch(pin -> chart.equals(pin.name() + " " + pin.tag())));
    }

    /** As "helm repo index" writes it: the keys of a chart's version in alphabetical order. */
    @Test
    void theDigestOfAChartIsReadFromTheRepositorysIndex() throws Exception {
        var index = """
                apiVersion: v1
                entries:
                  base:
                  - apiVersion: v2
                    digest: aaaa
                    name: base
                    version: 1.30.8
                  istiod:
                  - apiVersion: v2
                    digest: bbbb
                    name: istiod
                    version: 1.30.9
                  - apiVersion: v2
                    digest: cccc
                    name: istiod
                    version: 1.30.8
                """;
        var bash = new ProcessBuilder("bash", "-euc", """
                        eval "$(sed -n '/^chart_digest()/,/^}/p' scripts/pin)"
                        chart_digest istiod 1.30.8""")
                .directory(Repository.path("").toFile())
                .start();
        try {
            bash.getOutputStream().write(index.getBytes(StandardCharsets.UTF_8));
            bash.getOutputStream().close();

            assertThat(bash.getInputStream()).hasContent("sha256:cccc");
        } finally {
            bash.destroyForcibly();
        }
    }

    /** What scripts/bootstrap and scripts/crds fetch is what it was when its sum was written down. */
    @Test
    void everyFileThatIsFetchedHasItsSum() {
        var fetched = Stream.of("lib/applications.sh", "crds")
                .map(script -> Repository.text("scripts/" + script))
                .toList();

        assertThat(fetched)
                .allSatisfy(script -> assertThat(script).contains("fetch \"").doesNotContain("curl --"));
        assertThat(Repository.text("scripts/crds")).containsPattern("(?m)^([0-9a-f]{64} \\$github/\\S+\n){3}EOF");
        assertThat(Repository.text("scripts/lib/cluster.sh")).containsPattern("ARGOCD_SHA256=[0-9a-f]{64}\n");
    }

    @Test
    void everyActionIsPinnedByItsCommit() {
        var used = contents(".github/workflows").stream()
                .flatMap(text -> USED.matcher(text).results())
                .toList();

        assertThat(used).hasSizeGreaterThan(5);
        assertThat(used).allSatisfy(action -> assertThat(action.group(2)).matches("[0-9a-f]{40}"));
    }

    /** The files below, some of which are no text. */
    private static List<String> contents(String path) {
        try (var files = Files.walk(Repository.path(path))) {
            var contents = new ArrayList<String>();
            for (var file : files.filter(Files::isRegularFile).toList()) {
                contents.add(Files.readString(file, StandardCharsets.ISO_8859_1));
            }
            return contents;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
