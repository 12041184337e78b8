// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;
import upstreamreset.testing.RealParts;

/** What the packaged jar holds. */
class JarIT {
    private static final int JAVA_6 = 50;

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
