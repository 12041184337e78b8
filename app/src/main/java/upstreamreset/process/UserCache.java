// SPDX-License-Identifier: Apache-2.0
package upstreamreset.process;

import java.nio.file.Path;
import java.util.Map;

/** Decides the folder for cached files that can be recreated. */
public final class UserCache {
    private UserCache() {}

    /** Our folder in the user's cache, there or not. */
    public static Path folder() {
        return folder(System.getenv(), System.getProperty("os.name"));
    }

    /** XDG Base Directory Specification: a relative path must be ignored. */
    public static Path folder(Map<String, String> environment, String system) {
        var xdg = Path.of(environment.getOrDefault("XDG_CACHE_HOME", ""));
        var home = Path.of(environment.getOrDefault("HOME", System.getProperty("user.home")));
        var cache = home.resolve(system.equals("Mac OS X") ? "Library/Caches" : ".cache");
        return (xdg.isAbsolute() ? xdg : cache).resolve("upstream-reset");
    }
}
