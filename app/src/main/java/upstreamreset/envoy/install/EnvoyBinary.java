// SPDX-License-Identifier: Apache-2.0
package upstreamreset.envoy.install;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import upstreamreset.output.Progress;

/** An Envoy that runs on this machine, and its version. */
public record EnvoyBinary(Path path, String version) {
    /** The version that we install where none is given. */
    public static final String DEFAULT_VERSION = "1.40.0";

    /**
     * The Envoy to use: the one that the caller was given, else {@code $ENVOY}, else our own, installed if it is not there.
     *
     * @param given what the user wrote after {@code --envoy}
     */
    public static EnvoyBinary find(@Nullable Path given, Consumer<Progress> progress)
            throws IOException, InterruptedException {
        return find(given, DEFAULT_VERSION, System.getenv(), progress);
    }

    /** Our own copy of {@code version}, which must be one that we pin; installed if it is not there. */
    public static EnvoyBinary installed(String version, Consumer<Progress> progress)
            throws IOException, InterruptedException {
        return new EnvoyInstaller(System.getenv(), Platform.current()).install(version, progress);
    }

    /** The versions that can be installed, the oldest first. */
    public static List<String> pinnedVersions() {
        return Pin.versions();
    }

    static EnvoyBinary find(
            @Nullable Path given, String version, Map<String, String> environment, Consumer<Progress> progress)
            throws IOException, InterruptedException {
        var platform = Platform.current().canGuard();
        var named = environment.getOrDefault("ENVOY", "");
        if (given != null) {
            return UserSuppliedEnvoy.check(given, "--envoy");
        }
        if (!named.isEmpty()) {
            return UserSuppliedEnvoy.check(Path.of(named), "$ENVOY");
        }
        return new EnvoyInstaller(environment, platform).install(version, progress);
    }
}
