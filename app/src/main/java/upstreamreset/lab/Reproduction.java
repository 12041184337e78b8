// SPDX-License-Identifier: Apache-2.0
package upstreamreset.lab;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import upstreamreset.accesslog.AccessLogEntry;
import upstreamreset.accesslog.Side;
import upstreamreset.http1.FramingReport;
import upstreamreset.inspect.InspectedResponse;
import upstreamreset.scenario.Scenario;
import upstreamreset.verdict.JudgedResponse;
import upstreamreset.wire.Bytes;

/**
 * What one scenario came to, as the client, the proxies, the wire and the codec saw it.
 *
 * @param client the response that the client got
 * @param took from the client's first byte to the end of the response, or of its patience
 * @param hops the proxies' access logs, the one next to the client first
 * @param sent what the app sent on the connection that Envoy made for it (the last one, where Envoy tried again)
 * @param judged the app's response, judged, with the verdict of the Envoy next to the app
 * @param inspected the same response with the model's verdict; empty where the app got no HTTP/1 request
 * @param calls how often the app was asked
 * @param differences from what the scenario expects; empty when everything came out so
 */
public record Reproduction(
        Scenario scenario,
        FramingReport client,
        Duration took,
        List<Hop> hops,
        Bytes sent,
        JudgedResponse judged,
        Optional<InspectedResponse> inspected,
        int calls,
        List<String> differences) {
    public Reproduction {
        hops = List.copyOf(hops);
        differences = List.copyOf(differences);
    }

    /** Whether everything came out as the scenario expects. */
    public boolean asExpected() {
        return differences.isEmpty();
    }

    /** {@code found}, responses of the same tap; those that were reproduced with what the real Envoy did. */
    public static List<InspectedResponse> observed(List<InspectedResponse> found, List<Reproduction> reproductions) {
        return found.stream()
                .map(response -> reproductions.stream()
                        .filter(each -> each.inspected.filter(response::sameAs).isPresent())
                        .findFirst()
                        .map(each -> response.observed(each.judged.envoy()))
                        .orElse(response))
                .toList();
    }

    /** One proxy's line on the request. */
    public record Hop(Side side, String line, AccessLogEntry entry) {}
}
