// SPDX-License-Identifier: Apache-2.0
package upstreamreset.probe;

import java.util.List;
import upstreamreset.accesslog.AccessLogEntry;
import upstreamreset.accesslog.LogField;
import upstreamreset.codec.ProxyAlteration;
import upstreamreset.http1.FramingReport;
import upstreamreset.http1.RequestContext;
import upstreamreset.http1.ResponseReader;
import upstreamreset.verdict.Outcome;
import upstreamreset.verdict.Verdict;

/**
 * What a real Envoy made of a response: by its access log, and by comparing what the server sent with what the client got.
 *
 * @param forwarded whether the request reached the server at all
 */
record ReplayResult(RequestContext asked, Exchange sent, Exchange client, boolean forwarded) {
    private static final String OWN_WORDS = "upstream connect error or disconnect/reset before headers";

    ProbeResult.Replayed judge(AccessLogEntry entry, String codec, String version) {
        var details = entry.text(LogField.RESPONSE_CODE_DETAILS).orElse("-");
        var outcome = outcome(details);
        List<ProxyAlteration> alterations =
                outcome == Outcome.PASSES ? ProxyAlteration.between(read(sent), read(client)) : List.of();
        var verdict = new Verdict(
                alterations.isEmpty() ? outcome : Outcome.DAMAGED,
                Math.toIntExact(entry.number(LogField.RESPONSE_CODE).orElse(0)),
                entry.text(LogField.RESPONSE_FLAGS).orElse("-"),
                details,
                codec.replaceFirst("^http/1\\.1 protocol error: ", ""),
                version);
        return new ProbeResult.Replayed(verdict, alterations);
    }

    private Outcome outcome(String details) {
        if (!forwarded) {
            return Outcome.REFUSED;
        }
        if (details.startsWith("upstream_reset_")) {
            return own() ? Outcome.RESETS_BEFORE : Outcome.RESETS_AFTER;
        }
        if (!client.response().complete()) {
            return client.response().closedBy().bySender() ? Outcome.DAMAGED : Outcome.HANGS;
        }
        return Outcome.PASSES;
    }

    /** Whether Envoy answered by itself: it sets a field on what it forwards, but not on tunnels. */
    private boolean own() {
        return tunnel()
                ? client.received().latin1().contains(OWN_WORDS)
                : client.response().fields("x-envoy-upstream-service-time").isEmpty();
    }

    private boolean tunnel() {
        return asked.upgrade() || asked.method().equals("CONNECT");
    }

    /** With its body, which the probe itself does not keep. */
    private FramingReport read(Exchange exchange) {
        var bytes = exchange.received().toArray();
        return ResponseReader.read(asked, bytes, exchange.response().closedBy());
    }
}
