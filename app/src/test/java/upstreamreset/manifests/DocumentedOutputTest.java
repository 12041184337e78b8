// SPDX-License-Identifier: Apache-2.0
package upstreamreset.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The documents' outputs of cluster scripts have only lines that a script prints, with any values: a real cluster printed them
 * once, and this test checks their words against the scripts.
 */
class DocumentedOutputTest {
    private static final Pattern OUTPUT = Pattern.compile("(?ms)^```(\\w*)\\n(.*?)^```");
    private static final Pattern MESSAGE = Pattern.compile("\\b(?:say|stay|die|echo|printf) ([\"'])(.*)\\1");
    private static final Pattern VALUE = Pattern.compile(
            "\\$\\(.*?\\)(?!\\))|\\$\\{[^{}]*(?:\\{[^}]*}[^}]*)*}|\\$[A-Za-z_0-9#@*]+|%[-0-9.]*[ds]|\\\\[a-z\"]");

    /** A message with fewer letters would match too many lines. */
    private static final int MIN_LETTERS = 6;

    /** Lines of kubectl, of curl and of the app itself. */
    private static final Pattern OTHERS = Pattern.compile(
            "\\$ .*|kubectl .*|\\d+ s +[a-z-]+ +(OutOfSync|Synced) [A-Z][a-z]+|HTTP/1\\.1 502 Bad Gateway|(content-length|content-type|server): .*"
                    + "|upstream connect error .*|NAME +HOLDER +AGE|http-chunked-leader +http-chunked-\\d_.*"
                    + "|.* INFO +ElectionLog: (Became|Stopped being) leader.*");

    private static final List<Pattern> SCRIPTS = templates();

    @ParameterizedTest
    @ValueSource(strings = {"docs/cluster.md", "docs/your-cluster.md"})
    void eachLineIsOneThatAScriptPrints(String document) {
        var lines = OUTPUT.matcher(Repository.text(document))
                .results()
                .filter(block -> block.group(1).isEmpty())
                .flatMap(block -> block.group(2).lines())
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.equals("…"))
                .toList();
        assertThat(lines).hasSizeGreaterThan(1).allMatch(DocumentedOutputTest::isPrinted);
    }

    @Test
    void anInventedLineIsNoticed() {
        assertThat(isPrinted("The lab is almost ready on context rig.")).isFalse();
    }

    private static boolean isPrinted(String line) {
        var message = line.replaceFirst("^[a-z-]+: (?=[A-Z])", "");
        return OTHERS.matcher(line).matches()
                || SCRIPTS.stream().anyMatch(each -> each.matcher(message).matches());
    }

    /** Each message in the scripts, with its variables as any text. */
    private static List<Pattern> templates() {
        var texts = new ArrayList<String>();
        for (var folder : List.of("scripts", "scripts/lib")) {
            try (Stream<Path> files = Files.list(Repository.path(folder))) {
                for (var file : files.filter(Files::isRegularFile)
                        .filter(each -> !each.toString().endsWith(".gz"))
                        .toList()) {
                    MESSAGE.matcher(Files.readString(file))
                            .results()
                            .map(message -> message.group(2))
                            .forEach(texts::add);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return texts.stream()
                .flatMap(text -> Stream.of(text.split("\\\\n|\n")))
                .map(String::strip)
                .distinct()
                .filter(text -> VALUE.matcher(text)
                                .replaceAll("")
                                .chars()
                                .filter(Character::isLetter)
                                .count()
                        >= MIN_LETTERS)
                .map(DocumentedOutputTest::template)
                .toList();
    }

    private static Pattern template(String text) {
        var regex = new StringBuilder();
        int end = 0;
        var value = VALUE.matcher(text);
        while (value.find()) {
            regex.append(Pattern.quote(text.substring(end, value.start()))).append(".*");
            end = value.end();
        }
        return Pattern.compile(regex + Pattern.quote(text.substring(end)));
    }
}
