// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import java.io.IOException;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IVersionProvider;

/** Identifies the build: the version, the commit and the commit's time; never the build's time. */
public final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() throws IOException {
        return new String[] {"upstream-reset " + text()};
    }

    /** The version as people quote it, for example {@code 0.1.0 (1a2b3c4, 2026-11-22T20:40:00Z)}. */
    public static String text() throws IOException {
        var git = new Properties();
        try (var in = Version.class.getResourceAsStream("/upstreamreset/git.properties")) {
            if (in != null) {
                git.load(in);
            }
        }
        @Nullable String version = Main.class.getPackage().getImplementationVersion();
        var commit = git.getProperty("git.commit.id.abbrev");
        var text = version == null ? "unpackaged" : version;
        return commit == null ? text : "%s (%s, %s)".formatted(text, commit, git.getProperty("git.commit.time"));
    }
}
