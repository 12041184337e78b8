// SPDX-License-Identifier: Apache-2.0
package upstreamreset.differential;

import java.nio.charset.StandardCharsets;
import java.util.List;
import upstreamreset.codec.ProxyAlteration;
import upstreamreset.http1.CloseReason;
import upstreamreset.http1.ResponseReader;
import upstreamreset.verdict.Outcome;
import upstreamreset.verdict.Verdict;

/** What a real Envoy made of a trial: its words, and what the client got. */
record Observation(Trial trial, int status, String flags, String details, String message, String received) {
    private static final List<String> OWN_WORDS =
            List.of("upstream connect error", "upstream request timeout", "stream timeout");
    private static final String PREFIX = "http/1.1 protocol error: ";

    /** As the model speaks: the harness's timeouts stand for hanging, and say nothing of their own. */
    Verdict verdict(String version) {
        var reason = message.startsWith(PREFIX) ? message.substring(PREFIX.length()) : message;
        boolean own = own();
        if (flags.equals("UT") || flags.equals("SI")) {
            return new Verdict(Outcome.HANGS, own ? 0 : status, "-", "", reason, version);
        }
        var outcome = Outcome.PASSES;
        if (details.startsWith("upstream_reset_")) {
            outcome = own ? Outcome.RESETS_BEFORE : Outcome.RESETS_AFTER;
        } else if (altered()) {
            outcome = Outcome.DAMAGED;
        }
        return new Verdict(outcome, status, flags, details, reason, version);
    }

    /** Whether the client did not get, whole, what the origin sent. */
    private boolean altered() {
        var sent = ResponseReader.read(trial.request(), trial.bytes().toArray(), trial.closedBy());
        var bytes = received.getBytes(StandardCharsets.ISO_8859_1);
        var arrived = ResponseReader.read(trial.request(), bytes, CloseReason.FIN);
        return !arrived.complete() || !ProxyAlteration.between(sent, arrived).isEmpty();
    }

    /** Whether Envoy answered by itself: it sets a field on what it forwards, but not on tunnels. */
    private boolean own() {
        if (trial.request().upgrade() || trial.request().method().equals("CONNECT")) {
            return OWN_WORDS.stream().anyMatch(received::contains);
        }
        return !received.contains("\r\nx-envoy-upstream-service-time: ");
    }
}
