// SPDX-License-Identifier: Apache-2.0
package upstreamreset.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What tshark prints of a capture. */
public final class Tshark {
    private static final int MAX_SECONDS = 60;

    private Tshark() {}

    /** Its stdout for {@code file}; fails where tshark fails. */
    public static String of(Path file, String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(RealParts.program("tshark").toString(), "-r", file.toString()));
        command.addAll(List.of(arguments));
        var out = Files.createTempFile("tshark", ".out");
        var process = new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            assertThat(process.waitFor(MAX_SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as(() -> String.join(" ", command)).isZero();
            return Files.readString(out);
        } finally {
            process.destroyForcibly();
            Files.delete(out);
        }
    }
}
