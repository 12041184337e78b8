// SPDX-License-Identifier: Apache-2.0
package upstreamreset.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A program run to its end, and what it said on stdout and stderr together. */
public final class Shell {
    private static final long TIMEOUT_MINUTES = 5;

    private Shell() {}

    /** What a program came to. */
    public record Said(int code, String text) {}

    /** Runs a line of bash in a folder. */
    public static Said bash(Path folder, String line) throws IOException, InterruptedException {
        return run(new ProcessBuilder("bash", "-c", line).directory(folder.toFile()));
    }

    /** Runs the program; one that does not end is an error, and is killed. */
    public static Said run(ProcessBuilder program) throws IOException, InterruptedException {
        var process = program.redirectErrorStream(true).start();
        try {
            var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(TIMEOUT_MINUTES, TimeUnit.MINUTES)) {
                throw new AssertionError("did not end: " + program.command());
            }
            return new Said(process.exitValue(), text);
        } finally {
            process.destroyForcibly();
        }
    }
}
