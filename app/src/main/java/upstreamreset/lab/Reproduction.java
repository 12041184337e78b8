// SPDX-License-Identifier: Apache-2.0
package upstreamreset.lab;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import upstreamreset.accesslog.LogField;
import upstreamreset.framework.Framework;
import upstreamreset.http1.FramingReport;
import upstreamreset.inspect.InspectedResponse;
import upstreamreset.scenario.Expectation;
import upstreamreset.scenario.Scenario;
import upstreamreset.verdict.JudgedResponse;
import upstreamreset.verdict.ObservedVerdict;
import upstreamreset.verdict.Outcome;
import upstreamreset.wire.Bytes;

/**
 * The result of one scenario, as the client, the proxies, the wire and the codec saw it.
 *
 * @param client the response that the client got
 * @param took from the client's first byte to the end of the response, or to the timeout
 * @param sidecars the line of each sidecar, the client's first
 * @param sent what the app sent on the connection that Envoy made for it (the last one, where Envoy tried again)
 * @param judged the app's response, judged, with the verdict of the Envoy next to the app
 * @param inspected the same response with the model's verdict; empty if the app got no HTTP/1 request
 * @param calls how often the app got the request
 * @param differences from what the scenario expects; empty when there are none
 */
public record Reproduction(
        Scenario scenario,
        FramingReport client,
        Duration took,
        List<SidecarLog> sidecars,
        Bytes sent,
        JudgedResponse judged,
        Optional<InspectedResponse> inspected,
        int calls,
        List<String> differences) {
    public Reproduction {
        sidecars = List.copyOf(sidecars);
        differences = List.copyOf(differences);
    }

    /**
     * Judges and compares the response that {@code client} got, the log of {@code envoy}, and the app's bytes on {@code
     * wire}.
     */
    static Reproduction of(Scenario scenario, ScenarioClient.Result client, EnvoyLog envoy, UpstreamWire wire) {
        var expected = scenario.expectation(envoy.version());
        var verdict = ObservedVerdict.of(
                envoy.ofApp(),
                envoy.codecReason(),
                envoy.version(),
                new ObservedVerdict.Seen(wire.calls(), client.response(), asSent(scenario, expected, client, wire)));
        var request = new JudgedResponse.Request(
                scenario.request().method(),
                scenario.request().target(scenario.path()),
                envoy.ofApp().text(LogField.REQUEST_ID));
        var judged = JudgedResponse.of(request, wire.response(), wire.closedBy(), verdict, true)
                .movedBy(wire.responseAt());
        return new Reproduction(
                scenario,
                client.response(),
                client.took(),
                envoy.sidecars(),
                wire.sent(),
                wire.calls() == 0 || (scenario.liveInHttp2() && !wire.inHttp2()) ? judged.withoutFindings() : judged,
                wire.inspected(),
                wire.calls(),
                Differences.of(expected, verdict, client, envoy, wire.calls()));
    }

    /** Whether the client got the body as sent and as meant; damage to a valid response only the scenario can name. */
    private static boolean asSent(
            Scenario scenario, Expectation expected, ScenarioClient.Result client, UpstreamWire wire) {
        boolean changed = !scenario.liveInHttp2()
                && !client.response().body().equals(wire.response().body());
        boolean damagedAsExpected = expected.outcome() == Outcome.DAMAGED && expected.matchesResponse(client.bytes());
        return !changed && !damagedAsExpected;
    }

    /** Whether the result is what the scenario expects. */
    public boolean asExpected() {
        return differences.isEmpty();
    }

    /** The same for an app whose framework the user gives. */
    public Reproduction madeBy(Framework framework) {
        return new Reproduction(
                scenario, client, took, sidecars, sent, judged.madeBy(framework), inspected, calls, differences);
    }
}
