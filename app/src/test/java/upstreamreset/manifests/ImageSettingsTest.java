// SPDX-License-Identifier: Apache-2.0
package upstreamreset.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What app/pom.xml says of the image agrees with what is said of it elsewhere. */
class ImageSettingsTest {
    private static final Pattern FLAG = Pattern.compile("-(-|X)[^\\s)]+");

    @Test
    void theEntrypointHasTheFlagsOfServeAndThoseOfAContainer() {
        var serve = flags("JAVA_FLAGS=(");
        serve.addAll(flags("serve)"));
        assertThat(serve).contains("-Xmx256m").hasSizeGreaterThan(6);

        var expected = new ArrayList<>(List.of("java"));
        expected.addAll(serve);
        // Its own heap leaves room in the manifests' limit.
        expected.remove("-Xmx256m");
        expected.addAll(List.of(
                "-Xmx128m",
                "-XX:+ExitOnOutOfMemoryError",
                "${image.archive}",
                "-jar",
                "/app/classpath/upstream-reset.jar"));
        assertThat(entrypoint()).isEqualTo(expected);
    }

    private static List<String> entrypoint() {
        var pom = Repository.text("app/pom.xml");
        var block = pom.substring(pom.indexOf("<entrypoint>"), pom.indexOf("</entrypoint>"));
        return Pattern.compile("<arg>(.*)</arg>")
                .matcher(block)
                .results()
                .map(arg -> arg.group(1))
                .toList();
    }

    /** The flags of scripts/lib/java-flags.sh in the list that follows {@code mark}. */
    private static List<String> flags(String mark) {
        var script = Repository.text("scripts/lib/java-flags.sh");
        var list = script.substring(script.indexOf(mark) + mark.length());
        var flags = new ArrayList<String>();
        for (var line :
                list.lines().takeWhile(each -> !each.matches("\\s*(\\)|;;)")).toList()) {
            if (!line.strip().startsWith("#")) {
                FLAG.matcher(line).results().forEach(flag -> flags.add(flag.group()));
            }
        }
        return flags;
    }
}
