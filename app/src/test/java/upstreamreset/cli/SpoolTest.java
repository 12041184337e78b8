// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class SpoolTest {
    private final byte[] bytes = "twelve bytes".repeat(1000).getBytes(StandardCharsets.US_ASCII);

    @Test
    void whatWasReadIsReadAgainFromNoFileThatHasAName() throws Exception {
        var before = temporary();
        try (var spool = new Spool()) {
            assertThat(spool.of(new ByteArrayInputStream(bytes)).readAllBytes()).isEqualTo(bytes);
            assertThat(temporary()).isEqualTo(before);
            assertThat(spool.again().readAllBytes()).isEqualTo(bytes);
            assertThat(spool.stopped()).isEmpty();
        }
    }

    @Test
    void itIsBoundedAndSaysSo() throws Exception {
        try (var spool = new Spool(10_000)) {
            assertThat(spool.of(new ByteArrayInputStream(bytes)).readAllBytes()).isEqualTo(bytes);
            assertThat(spool.again().readAllBytes().length).isBetween(1, 10_000);
            assertThat(spool.stopped())
                    .hasValueSatisfying(why -> assertThat(why)
                            .startsWith("the first ")
                            .endsWith(" bytes of it (more than that is not kept)"));
        }
    }

    private static long temporary() throws Exception {
        try (var files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.filter(file -> file.getFileName().toString().endsWith(".capture"))
                    .count();
        }
    }
}
