// SPDX-License-Identifier: Apache-2.0
package upstreamreset.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;

/** The image starts {@code serve} with the flags that the launcher gives it, and those of a container. */
class ImageSettingsTest {
    /** Leaves room in the manifests' limit for what is not heap. */
    private static final String HEAP = "-Xmx128m";

    @Test
    void theEntrypointHasTheFlagsOfServeAndThoseOfAContainer() throws Exception {
        var expected = new ArrayList<>(List.of("java"));
        flagsOfServe().stream().filter(flag -> !flag.startsWith("-Xmx")).forEach(expected::add);
        assertThat(expected).hasSizeGreaterThan(6);
        expected.addAll(List.of(
                HEAP, "-XX:+ExitOnOutOfMemoryError", "${image.archive}", "-jar", "/app/classpath/upstream-reset.jar"));

        assertThat(entrypoint()).isEqualTo(expected);
    }

    private static List<String> flagsOfServe() throws Exception {
        var bash = new ProcessBuilder(
                        "bash",
                        "-euc",
                        ". \"$1\"; java_flags serve; printf '%s\\n' \"${JAVA_FLAGS[@]}\"",
                        "flags",
                        "java-flags.sh")
                .directory(Repository.path("scripts/lib").toFile())
                .start();
        try {
            return new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        } finally {
            bash.destroyForcibly();
        }
    }

    private static List<String> entrypoint() throws Exception {
        var pom = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(Repository.path("app/pom.xml").toFile());
        var arguments = pom.getElementsByTagName("entrypoint").item(0).getChildNodes();
        return IntStream.range(0, arguments.getLength())
                .mapToObj(arguments::item)
                .filter(each -> each.getNodeName().equals("arg"))
                .map(each -> each.getTextContent())
                .toList();
    }
}
