// SPDX-License-Identifier: Apache-2.0
package upstreamreset.differential;

import upstreamreset.verdict.Verdict;

/** A trial on which the model and Envoy disagree. */
record Disagreement(Trial trial, Verdict model, Verdict envoy) {
    @Override
    public String toString() {
        return """
               disagreement, Envoy %s
                 sent  %s
                 model %s
                 envoy %s
               """.formatted(envoy.version(), trial.describe(), words(model), words(envoy));
    }

    private static String words(Verdict verdict) {
        return "%s %d %s %s \"%s\""
                .formatted(
                        verdict.outcome().text(),
                        verdict.status(),
                        verdict.flags(),
                        verdict.details(),
                        verdict.message());
    }
}
