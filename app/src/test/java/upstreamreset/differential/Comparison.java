// SPDX-License-Identifier: Apache-2.0
package upstreamreset.differential;

import java.util.List;

/**
 * What came of many trials through one Envoy.
 *
 * @param joined how many agree only if TCP put segments together, which nobody can forbid it
 * @param repeated how many agreed only when they were tried again alone: the machine was too slow for the timeout
 */
record Comparison(String version, int trials, int joined, int repeated, List<Disagreement> disagreements) {
    Comparison {
        disagreements = List.copyOf(disagreements);
    }

    @Override
    public String toString() {
        return "Envoy %s: %d of %d agree (%.3f %%); %d of them with joined segments, %d when repeated"
                .formatted(
                        version,
                        trials - disagreements.size(),
                        trials,
                        100.0 * (trials - disagreements.size()) / trials,
                        joined,
                        repeated);
    }
}
