// SPDX-License-Identifier: Apache-2.0
package upstreamreset.accesslog;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import upstreamreset.testing.RealParts;

/** The list of Envoy's details is what the binary of the installed Envoy holds. */
class EnvoyDetailsIT {
    private static final Path LIST = Path.of("src/test/resources/accesslog/response-code-details.txt");

    @Test
    void theListIsTheInstalledEnvoys() throws IOException, InterruptedException {
        var envoy = RealParts.envoy("1.40.0");
        var process = new ProcessBuilder(
                        "python3",
                        "../scripts/lib/envoy_details.py",
                        envoy.path().toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<String> printed = process.inputReader().readAllLines();
        assertThat(process.waitFor()).isZero();
        assertThat(printed)
                .isEqualTo(Files.readAllLines(LIST).stream()
                        .filter(line -> !line.startsWith("#"))
                        .toList());
    }
}
