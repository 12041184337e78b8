// SPDX-License-Identifier: Apache-2.0
package upstreamreset.explain;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import upstreamreset.accesslog.LogReader;

/**
 * What people paste, made after public reports, and the right answer to each: {@code right-answers.txt} has a line for each
 * answer: file, hop, how often the app ran, the ids of the causes (or the broken rules), the verdict; a dash for none.
 */
class ExplainCasesTest {
    private static final Path CASES = Path.of("src/test/resources/explain/cases");
    private static final Path ANSWERS = Path.of("src/test/resources/explain/right-answers.txt");
    private static final ObjectMapper JSON = new ObjectMapper();

    @ParameterizedTest(name = "{0}")
    @MethodSource("files")
    void eachPastedTextGetsTheRightAnswer(String file, List<String[]> right) throws IOException {
        var answers = explain(Files.readString(CASES.resolve(file)));

        assertThat(answers).hasSameSizeAs(right);
        for (int i = 0; i < right.size(); i++) {
            var answer = answers.get(i);
            assertThat(answer.at("/hop").asString("-")).isEqualTo(right.get(i)[1]);
            assertThat(answer.at("/appRan").asString("-")).as("appRan").isEqualTo(right.get(i)[2]);
            assertThat(ids(answer)).isEqualTo(right.get(i)[3]);
            if (!right.get(i)[4].equals("-")) {
                assertThat(answer.at("/verdict")
                                .asString(answer.at("/envoy/message").asString("")))
                        .isEqualTo(right.get(i)[4]);
            }
        }
    }

    @Test
    void eachFileHasARightAnswer() throws IOException {
        try (var files = Files.list(CASES)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(answers().keySet());
        }
    }

    private static String ids(JsonNode answer) {
        var causes = String.join(" ", texts(answer.at("/causes"), "/id"));
        return causes.isEmpty() ? String.join(" ", texts(answer.at("/findings"), "/rule")) : causes;
    }

    private static List<String> texts(JsonNode array, String pointer) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(each -> each.at(pointer).asString())
                .toList();
    }

    private static List<JsonNode> explain(String text) {
        var digest = new LogDigest(new LogReader(), new Explainer(IstioVersion.UNKNOWN));
        text.lines().forEach(digest::add);
        var out = new StringWriter();
        new ExplanationJson(new PrintWriter(out)).print(digest);
        return out.toString().lines().map(JSON::readTree).toList();
    }

    static Stream<Arguments> files() throws IOException {
        return answers().entrySet().stream().map(entry -> Arguments.of(entry.getKey(), entry.getValue()));
    }

    private static Map<String, List<String[]>> answers() throws IOException {
        var answers = new LinkedHashMap<String, List<String[]>>();
        Files.readAllLines(ANSWERS).stream().map(line -> line.split(" \\| ", 5)).forEach(answer -> {
            var all = new ArrayList<>(answers.getOrDefault(answer[0], List.of()));
            all.add(answer);
            answers.put(answer[0], all);
        });
        return answers;
    }
}
