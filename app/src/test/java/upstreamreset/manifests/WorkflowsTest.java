// SPDX-License-Identifier: Apache-2.0
package upstreamreset.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** No step of a workflow has more rights than it needs, and what is built is apart from what signs. */
class WorkflowsTest {
    static Stream<Path> workflows() throws IOException {
        try (var files = Files.list(Repository.path(".github/workflows"))) {
            return files.sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("workflows")
    void onlyWhatPublishesMayWriteOrSign(Path workflow) throws IOException {
        var yaml = yaml(workflow);

        assertThat(yaml.at("permissions")).as("of all jobs").isEqualTo(Map.of("contents", "read"));
        assertThat(jobs(yaml))
                .filteredOn(job -> job.root().containsKey("permissions"))
                .allSatisfy(job -> assertThat(job.at("steps").toString())
                        .doesNotContain("mvn", "scripts/test", "scripts/image", "scripts/dist --to", "java "));
    }

    @ParameterizedTest
    @MethodSource("workflows")
    void noCheckoutLeavesItsToken(Path workflow) throws IOException {
        assertThat(jobs(yaml(workflow)).stream().flatMap(job -> job.objects("steps").stream()))
                .map(Yaml::root)
                .filteredOn(step -> String.valueOf(step.get("uses")).startsWith("actions/checkout@"))
                .isNotEmpty()
                .allSatisfy(step -> assertThat(step.get("with")).isEqualTo(Map.of("persist-credentials", false)));
    }

    @Test
    void eachKindOfWhatIsUsedIsWatched() {
        assertThat(Repository.text(".github/dependabot.yml")).contains("maven", "github-actions", "gomod", "docker");
    }

    private static Yaml yaml(Path workflow) throws IOException {
        return Yaml.all(Files.readString(workflow)).getFirst();
    }

    private static List<Yaml> jobs(Yaml workflow) {
        var jobs = workflow.object("jobs");
        return jobs.root().keySet().stream().map(jobs::object).toList();
    }
}
