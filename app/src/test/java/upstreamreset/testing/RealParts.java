// SPDX-License-Identifier: Apache-2.0
package upstreamreset.testing;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Assumptions;

/** Real programs that tests need. One that is missing fails the test in CI; elsewhere it skips it, by name. */
public final class RealParts {
    private RealParts() {}

    /** The program {@code name} on PATH, for example {@code tshark}. */
    public static Path program(String name) {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> missing(name + " is not on PATH; scripts/test installs it where it can"));
    }

    /** The runnable jar that {@code mvn package} made. */
    public static Path jar() {
        var jar = Path.of(System.getProperty("upstreamreset.jar", "target/upstream-reset.jar"));
        if (!Files.isReadable(jar)) {
            throw missing(jar + " is not built");
        }
        return jar;
    }

    /** Fails in CI, where every part must be there; skips elsewhere. Never returns: {@code throw missing(...)}. */
    public static AssertionError missing(String what) {
        if ("true".equals(System.getenv("CI"))) {
            return new AssertionError("missing part: " + what);
        }
        return Assumptions.abort("missing part: " + what);
    }
}
