// SPDX-License-Identifier: Apache-2.0
package upstreamreset.explain;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import upstreamreset.accesslog.LogReader;

/**
 * What people paste, in all shapes and from many programs, and the right answers, which were judged by hand: in {@code pasted.txt}
 * a title, a line {@code => HOP OR SPEAKER | APP RAN | CAUSES} for each answer, none for a text that means nothing, and the text.
 */
class PastedTextTest {
    private static final Path TEXTS = Path.of("src/test/resources/explain/pasted.txt");
    private static final ObjectMapper JSON = new ObjectMapper();

    record Pasted(String title, List<String> answers, String text) {
        @Override
        public String toString() {
            return title;
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("texts")
    void theAnswerIsRight(Pasted pasted) {
        assertThat(answers(pasted.text())).isEqualTo(pasted.answers());
    }

    @Test
    void noTitleComesTwice() throws IOException {
        assertThat(texts().map(Pasted::title)).doesNotHaveDuplicates().hasSizeGreaterThan(200);
    }

    private static List<String> answers(String text) {
        var digest = new LogDigest(new LogReader(), new Explainer(IstioVersion.UNKNOWN));
        text.lines().forEach(digest::add);
        var out = new StringWriter();
        new ExplanationJson(new PrintWriter(out)).print(digest);
        return out.toString()
                .lines()
                .map(JSON::readTree)
                .map(PastedTextTest::answer)
                .toList();
    }

    private static String answer(JsonNode answer) {
        var speaker = answer.at("/speaker").asString("-");
        var causes = ids(answer.at("/causes"), "/id");
        return "%s%s | %s | %s"
                .formatted(
                        answer.at("/hop").asString(speaker),
                        answer.has("contradictions") ? " contradicts itself" : "",
                        answer.at("/appRan").asString("-"),
                        causes.isEmpty() ? orDash(ids(answer.at("/findings"), "/rule")) : causes);
    }

    private static String orDash(String ids) {
        return ids.isEmpty() ? "-" : ids;
    }

    private static String ids(JsonNode array, String pointer) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(each -> each.at(pointer).asString())
                .collect(Collectors.joining(" "));
    }

    static Stream<Pasted> texts() throws IOException {
        var texts = new ArrayList<Pasted>();
        for (var block : Files.readString(TEXTS).substring("=== ".length()).split("\n=== ", -1)) {
            var lines = block.lines().toList();
            var answers = lines.stream()
                    .filter(line -> line.startsWith("=> "))
                    .map(line -> line.substring("=> ".length()))
                    .toList();
            var text = String.join("\n", lines.subList(1 + answers.size(), lines.size()));
            texts.add(new Pasted(lines.getFirst(), answers, text.replace('\u241b', '\u001b')));
        }
        return texts.stream();
    }
}
