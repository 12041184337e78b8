// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import upstreamreset.codec.EnvoyVersion;
import upstreamreset.envoy.install.EnvoyBinary;
import upstreamreset.envoy.install.IstioRelease;
import upstreamreset.output.Progress;

/**
 * The options that choose an Envoy: {@code --envoy-version}, {@code --istio-version}, and {@code --envoy} if the
 * command runs one.
 */
final class EnvoyOptions {
    private @Nullable Path path;
    private @Nullable String envoy;
    private @Nullable String istio;

    /** For commands that model a version. */
    void addTo(Syntax syntax) {
        versions(syntax, "The Envoy version to model");
    }

    /** For commands that run an Envoy. */
    void addRunTo(Syntax syntax) {
        path(syntax, "The Envoy to use");
        versions(syntax, "The version of Envoy to install and use");
    }

    /** For commands that model a version, or run it when {@code run} is given. */
    void addTo(Syntax syntax, String run) {
        path(syntax, "The Envoy for " + run);
        versions(syntax, "The Envoy version to model, and for " + run + " to install and use");
    }

    private void path(Syntax syntax, String use) {
        syntax.option("--envoy", "PATH", Path.class, value -> path = value)
                .description(use + ". Default: $ENVOY, else a pinned one, installed into your cache.");
    }

    private void versions(Syntax syntax, String use) {
        syntax.option("--envoy-version", "VERSION", String.class, value -> envoy = value)
                .description(use + ". Default: " + EnvoyBinary.DEFAULT_VERSION + ".");
        syntax.option("--istio-version", "VERSION", String.class, value -> istio = value)
                .description("The same, as a version of Istio: 1.28 to 1.32.");
    }

    /** The version to model; throws {@code IllegalArgumentException} where an option is wrong. */
    String version() {
        var version = given().orElse(EnvoyBinary.DEFAULT_VERSION);
        EnvoyVersion.parse(version);
        return version;
    }

    private Optional<String> given() {
        if (envoy != null && istio != null) {
            throw new IllegalArgumentException(
                    "--envoy-version and --istio-version both name an Envoy; give one of them");
        }
        return Optional.ofNullable(istio != null ? IstioRelease.of(istio).envoy() : envoy);
    }

    /** The Envoy to run, once {@link #version} has found nothing wrong; {@code err} shows how far its installation is. */
    EnvoyBinary binary(PrintWriter err) throws IOException, InterruptedException {
        try (var progress = new ProgressLine(err)) {
            return binary(progress);
        }
    }

    private EnvoyBinary binary(Consumer<Progress> progress) throws IOException, InterruptedException {
        var version = given();
        return path == null && version.isPresent()
                ? EnvoyBinary.installed(version.get(), progress)
                : EnvoyBinary.find(path, progress);
    }

    /** That an Envoy is run: one of them says which. */
    void checkRun() {
        version();
        if (path != null && given().isPresent()) {
            throw new IllegalArgumentException("--envoy names an Envoy, and a version names another; give one of them");
        }
    }
}
