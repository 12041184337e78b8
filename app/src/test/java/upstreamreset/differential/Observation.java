// SPDX-License-Identifier: Apache-2.0
package upstreamreset.differential;

import upstreamreset.framing.FramingReport;
import upstreamreset.framing.Outcome;
import upstreamreset.framing.Verdict;

/** What a real Envoy made of a trial: its words, and what the client got. */
record Observation(int status, String flags, String details, String message, FramingReport client) {
    private static final String PREFIX = "http/1.1 protocol error: ";

    /** As the model speaks: the harness's route timeout stands for hanging, and says nothing of its own. */
    Verdict verdict(String version) {
        var reason = message.startsWith(PREFIX) ? message.substring(PREFIX.length()) : message;
        if (flags.equals("UT")) {
            return new Verdict(Outcome.HANGS, status == 504 ? 0 : status, "-", "", reason, version);
        }
        var outcome = Outcome.PASSES;
        if (details.startsWith("upstream_reset_")) {
            // Envoy sets this field on what it forwards, and not on what it answers itself.
            boolean own = client.fields("x-envoy-upstream-service-time").isEmpty();
            outcome = own ? Outcome.RESETS_BEFORE : Outcome.RESETS_AFTER;
        }
        return new Verdict(outcome, status, flags, details, reason, version);
    }
}
