// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import upstreamreset.testing.RealParts;

/** What the packaged jar holds. */
class JarIT {
    private static final int JAVA_6 = 50;

    private static final Pattern MODEL = Pattern.compile("io/fabric8/kubernetes/api/model/([a-z]+)/.*\\.class");

    @Test
    void itHasOnlyTheKubernetesModelsThatTheClientNeeds() throws IOException {
        try (var jar = new JarFile(RealParts.jar().toFile())) {
            assertThat(jar.stream()
                            .map(JarEntry::getName)
                            .map(MODEL::matcher)
                            .filter(Matcher::matches)
                            .map(match -> match.group(1)))
                    .containsOnly(
                            "apps",
                            "autoscaling",
                            "batch",
                            "certificates",
                            "clusterapi",
                            "coordination",
                            "extensions",
                            "runtime",
                            "version");
        }
    }

    @Test
    void noClassIsTooOldForTheAheadOfTimeCache() throws IOException {
        var old = new ArrayList<String>();
        try (var jar = new JarFile(RealParts.jar().toFile())) {
            for (var entry : jar.stream()
                    .filter(each -> each.getName().endsWith(".class"))
                    .toList()) {
                var head = jar.getInputStream(entry).readNBytes(8);
                if (ByteBuffer.wrap(head).getShort(6) < JAVA_6) {
                    old.add(entry.getName());
                }
            }
        }
        assertThat(old).isEmpty();
    }
}
