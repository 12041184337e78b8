// SPDX-License-Identifier: Apache-2.0
package upstreamreset.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import upstreamreset.testing.Shell;

/** When scripts/lib/aot.sh tries to make the start-up cache; nothing is trained here. */
class StartCacheTest {
    @TempDir
    Path folder;

    @Test
    void aFailureIsForgottenAfterAnHour() throws Exception {
        var failed = folder.resolve("cache.failed");
        assertThat(tried()).isTrue();

        Files.createFile(failed);
        assertThat(tried()).isFalse();

        Files.setLastModifiedTime(failed, FileTime.from(Instant.now().minus(Duration.ofHours(2))));
        assertThat(tried()).isTrue();
    }

    private boolean tried() throws Exception {
        var said = Shell.bash(Repository.path(""), """
                . scripts/lib/aot.sh
                find_aot_folder() { folder=%1$s; }
                find_cache() { cache=%1$s/cache; }
                make_aot_cache_after() { touch %1$s/tried; }
                JAVA_FLAGS=()
                use_aot_cache
                wait
                """.formatted(folder));
        assertThat(said.code()).as(said.text()).isZero();
        return Files.deleteIfExists(folder.resolve("tried"));
    }
}
