// SPDX-License-Identifier: Apache-2.0
package upstreamreset.differential;

import java.util.List;

/**
 * The result of many trials through one Envoy.
 *
 * @param joined how many agree only if TCP joined segments, which no sender can prevent
 * @param repeated how many agreed only when repeated in small groups: the machine was too slow for the timeout
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
