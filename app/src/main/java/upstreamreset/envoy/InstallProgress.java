// SPDX-License-Identifier: Apache-2.0
package upstreamreset.envoy;

/** How far an install is: what it does, and of how many bytes how many are there (0 of 0 where that is not known). */
public record InstallProgress(String step, long done, long total) {
    static InstallProgress step(String step) {
        return new InstallProgress(step, 0, 0);
    }
}
