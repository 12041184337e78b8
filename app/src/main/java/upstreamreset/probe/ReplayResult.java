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
import upstreamreset.verdict.Verdict;

/**
 * A real Envoy's reaction to a response, from its access log and from a comparison of both ends' bytes.
 *
 * @param alterations the differences between the bytes sent and received, if Envoy passed the response on
 */
public record ReplayResult(Verdict verdict, List<ProxyAlteration> alterations) {
    public ReplayResult {
        alterations = List.copyOf(alterations);
    }

    /**
     * What was seen on both sides of Envoy.
     *
     * @param calls how often the request reached the server
     */
    record Sides(RequestContext context, Exchange server, Exchange client, int calls) {
        private List<ProxyAlteration> alterations() {
            return ProxyAlteration.between(read(server), read(client));
        }

        /** With its body, which the probe itself does not keep. */
        private FramingReport read(Exchange exchange) {
            var bytes = exchange.received().toArray();
            return ResponseReader.read(context, bytes, exchange.response().closedBy());
        }
    }

    /** @param message the codec's own reason as Envoy logged it; empty for none */
    static ReplayResult of(AccessLogEntry entry, String message, String version, Sides sides) {
        var alterations = sides.alterations();
        var seen = new ObservedVerdict.Seen(sides.calls(), sides.client().response(), alterations.isEmpty());
        var verdict = ObservedVerdict.of(entry, message, version, seen);
        return new ReplayResult(verdict, verdict.outcome() == Outcome.DAMAGED ? alterations : List.of());
    }
}
