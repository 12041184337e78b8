// SPDX-License-Identifier: Apache-2.0
package upstreamreset.output;

/** How far long work is: what it does, and of how many bytes how many are there (0 of 0 where that is not known). */
public record Progress(String step, long done, long total) {
    public static Progress step(String step) {
        return new Progress(step, 0, 0);
    }
}
