// SPDX-License-Identifier: Apache-2.0
package upstreamreset.envoy.install;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import upstreamreset.process.Programs;

/** Says before a download that the packaged Envoy cannot run here: it needs glibc 2.31 on Linux, macOS 15 on a Mac. */
final class PlatformRequirements {
    private static final Pattern GLIBC = Pattern.compile("glibc ([0-9]+)\\.([0-9]+).*");
    private static final int MINOR = 31;
    private static final int MACOS = 15;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private PlatformRequirements() {}

    static void check(Platform platform) throws IOException, InterruptedException {
        if (platform.system().equals("Linux")) {
            judge(ask());
        } else if (platform.system().equals("Mac OS X")) {
            var version = System.getProperty("os.version");
            if (Integer.parseInt(version.split("\\.", -1)[0]) < MACOS) {
                throw tooOld("macOS " + MACOS, "macOS " + version);
            }
        }
    }

    /** Refuses an older glibc; where {@code getconf} does not know, the program itself shows it. */
    static void judge(String answer) throws EnvoyException {
        var glibc = GLIBC.matcher(answer);
        if (glibc.matches() && Integer.parseInt(glibc.group(1)) == 2 && Integer.parseInt(glibc.group(2)) < MINOR) {
            throw tooOld("glibc 2." + MINOR, answer);
        }
    }

    private static EnvoyException tooOld(String needed, String found) {
        return new EnvoyException("the packaged Envoy needs " + needed + " or newer, and this machine has " + found
                + "; use a newer system, or give an Envoy built for this one with --envoy PATH or $ENVOY");
    }

    private static String ask() throws IOException, InterruptedException {
        var answer = Programs.ask(List.of("getconf", "GNU_LIBC_VERSION"), PATIENCE);
        return answer.lines().isEmpty() ? "" : answer.lines().getFirst();
    }
}
