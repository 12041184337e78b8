// SPDX-License-Identifier: Apache-2.0
package upstreamreset.differential;

import java.nio.charset.StandardCharsets;
import java.util.List;
import upstreamreset.codec.ProxyAlteration;
import upstreamreset.http1.CloseReason;
import upstreamreset.http1.ResponseReader;
import upstreamreset.verdict.Outcome;
import upstreamreset.verdict.Verdict;

/** The result of a trial at a real Envoy: its log, and the bytes that the client got. */
record Observation(Trial trial, int status, String flags, String details, String message, String received) {
    private static final List<String> OWN_WORDS =
            List.of("upstream connect error", "upstream request timeout", "stream timeout");
    private static final String PREFIX = "http/1.1 protocol error: ";

    /** In the model's terms: a timeout of the harness stands for HANGS, without details of its own. */
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

    /** Whether the client got something else than the origin sent, or only a part of it. */
    private boolean altered() {
        var sent = ResponseReader.read(trial.request(), trial.bytes().toArray(), trial.closedBy());
        var bytes = received.getBytes(StandardCharsets.ISO_8859_1);
        var arrived = ResponseReader.read(trial.request(), bytes, CloseReason.FIN);
        return !arrived.complete() || !ProxyAlteration.between(sent, arrived).isEmpty();
    }

    /** Whether this is a local reply: Envoy adds a field to a forwarded response, except to a tunnel. */
    private boolean own() {
        if (trial.request().upgrade() || trial.request().method().equals("CONNECT")) {
            return OWN_WORDS.stream().anyMatch(received::contains);
        }
        return !received.contains("\r\nx-envoy-upstream-service-time: ");
    }
}
