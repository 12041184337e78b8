// SPDX-License-Identifier: Apache-2.0
package upstreamreset.output;

/** The progress of long work: its description, and the bytes done and in total (0 of 0 if unknown). */
public record Progress(String step, long done, long total) {
    public static Progress step(String step) {
        return new Progress(step, 0, 0);
    }
}
