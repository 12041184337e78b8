// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpoolTest {
    @TempDir
    Path folder;

    private final byte[] bytes = "twelve bytes".repeat(1000).getBytes(StandardCharsets.US_ASCII);

    @Test
    void whatWasReadIsReadAgainFromNoFileThatHasAName() throws Exception {
        try (var spool = new Spool(folder, Spool.MAX_BYTES)) {
            assertThat(spool.of(new ByteArrayInputStream(bytes)).readAllBytes()).isEqualTo(bytes);
            assertThat(folder).isEmptyDirectory();
            assertThat(spool.again().readAllBytes()).isEqualTo(bytes);
            assertThat(spool.stopped()).isEmpty();
        }
    }

    @Test
    void itIsBoundedAndSaysSo() throws Exception {
        try (var spool = new Spool(folder, 10_000)) {
            assertThat(spool.of(new ByteArrayInputStream(bytes)).readAllBytes()).isEqualTo(bytes);
            assertThat(spool.again().readAllBytes().length).isBetween(1, 10_000);
            assertThat(spool.stopped())
                    .hasValueSatisfying(why -> assertThat(why)
                            .startsWith("the first ")
                            .endsWith(" bytes of it (more than that is not kept)"));
        }
    }
}
