// SPDX-License-Identifier: Apache-2.0
package upstreamreset.probe;

import java.util.List;
import upstreamreset.accesslog.AccessLogEntry;
import upstreamreset.codec.ProxyAlteration;
import upstreamreset.http1.FramingReport;
import upstreamreset.http1.RequestContext;
import upstreamreset.http1.ResponseReader;
import upstreamreset.verdict.ObservedVerdict;
import upstreamreset.verdict.Outcome;

/**
 * What a real Envoy made of a response: by its access log, and by comparing what the server sent with what the client got.
 *
 * @param calls how often the request reached the server
 */
record ReplayResult(RequestContext context, Exchange sent, Exchange client, int calls) {
    ProbeResult.Replayed judge(AccessLogEntry entry, String codec, String version) {
        var alterations = ProxyAlteration.between(read(sent), read(client));
        var verdict = ObservedVerdict.of(
                entry,
                codec,
                version,
                new ObservedVerdict.Seen(calls, client.response(), alterations.isEmpty()));
        return new ProbeResult.Replayed(verdict, verdict.outcome() == Outcome.DAMAGED ? alterations : List.of());
    }

    /** With its body, which the probe itself does not keep. */
    private FramingReport read(Exchange exchange) {
        var bytes = exchange.received().toArray();
        return ResponseReader.read(context, bytes, exchange.response().closedBy());
    }
}
