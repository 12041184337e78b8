// SPDX-License-Identifier: Apache-2.0
package upstreamreset.testing;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Assumptions;
import upstreamreset.envoy.install.EnvoyBinary;

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

    /** The script of axe-core, which checks a page for accessibility. */
    public static String axe() throws IOException {
        var file = System.getenv("AXE_CORE");
        if (file == null || !Files.isReadable(Path.of(file))) {
            throw missing("axe-core; scripts/test fetches it and sets AXE_CORE");
        }
        return Files.readString(Path.of(file));
    }

    /** The runnable jar that {@code mvn package} made. */
    public static Path jar() {
        var jar = Path.of(System.getProperty("upstreamreset.jar", "target/upstream-reset.jar"));
        if (!Files.isReadable(jar)) {
            throw missing(jar + " is not built");
        }
        return jar;
    }

    /** The Envoy that the lab uses unless told otherwise. */
    public static EnvoyBinary envoy() {
        return envoy(EnvoyBinary.DEFAULT_VERSION);
    }

    /** A pinned Envoy, installed into the user's cache if it is not there. */
    public static EnvoyBinary envoy(String version) {
        try {
            return EnvoyBinary.installed(version, _ -> {});
        } catch (IOException e) {
            throw missing("Envoy " + version + ": " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw missing("Envoy " + version + ": interrupted while it was installed");
        }
    }

    /** Fails in CI, where every part must be there; skips elsewhere. Never returns: {@code throw missing(...)}. */
    public static AssertionError missing(String what) {
        if ("true".equals(System.getenv("CI"))) {
            return new AssertionError("missing part: " + what);
        }
        return Assumptions.abort("missing part: " + what);
    }
}
