// SPDX-License-Identifier: Apache-2.0
package upstreamreset.site;

import java.time.Duration;
import java.util.Optional;
import upstreamreset.scenario.Scenario;
import upstreamreset.scenario.Source;
import upstreamreset.scenario.WireScript;
import upstreamreset.scenario.WireStep;

/** Whether a browser's script can make a scenario's request, and how long it waits for the response. */
final class BrowserRequest {
    /** For an answer without a pause; a scenario that hangs is told by this having passed. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private static final int SWITCHING_PROTOCOLS = 101;

    private BrowserRequest() {}

    /** Why a browser cannot make the request that the catalogue's expectation is about; empty when it can. */
    static Optional<String> cannot(Scenario scenario) {
        var request = scenario.request();
        if (scenario.source() instanceof Source.Nobody) {
            return Optional.of("it needs a port that refuses connections");
        }
        if (scenario.liveInHttp2()) {
            return Optional.of("browsers speak HTTP/2 over TLS only");
        }
        if (request.raw().isPresent()) {
            return Optional.of("its request is broken, which no browser sends");
        }
        if (!scenario.mesh().sidecar().isEmpty() || scenario.mesh().client().isPresent()) {
            return Optional.of("it needs an Envoy that is configured for it");
        }
        if (request.bodyBytes() > 0
                && (request.method().equals("GET") || request.method().equals("HEAD"))) {
            return Optional.of("browsers send no body with " + request.method());
        }
        if (scenario.expectation().status() == SWITCHING_PROTOCOLS) {
            return Optional.of(
                    "a browser waits behind a 101 that it did not ask for, and Envoy gives the same connection to"
                            + " whoever asks next");
        }
        if (request.times() > 1) {
            return Optional.of("it needs several requests on one connection, which a browser chooses itself");
        }
        return Optional.empty();
    }

    /** How long to wait, in milliseconds; {@code stream} is how long the app's own streams take. */
    static long waitMillis(Scenario scenario, Duration stream) {
        var leave = scenario.request().leaveAfter();
        if (leave.isPresent()) {
            return leave.get().toMillis();
        }
        return switch (scenario.source()) {
            case Source.App _ -> stream.plus(PATIENCE).toMillis();
            case Source.Nobody _ -> PATIENCE.toMillis();
            case WireScript script ->
                script.steps().stream()
                        .filter(WireStep.Pause.class::isInstance)
                        .map(step -> ((WireStep.Pause) step).time())
                        .reduce(PATIENCE, Duration::plus)
                        .toMillis();
        };
    }
}
