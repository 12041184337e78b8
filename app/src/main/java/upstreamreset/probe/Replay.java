// SPDX-License-Identifier: Apache-2.0
package upstreamreset.probe;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import upstreamreset.envoy.EnvoyBootstrap;
import upstreamreset.envoy.EnvoyOutput;
import upstreamreset.envoy.EnvoyProcess;
import upstreamreset.envoy.install.EnvoyBinary;
import upstreamreset.origin.RawOrigin;
import upstreamreset.scenario.WireScript;
import upstreamreset.scenario.WireStep;

/** Replays a server's bytes through a real Envoy, and reports what Envoy did with them. */
public record Replay(EnvoyBinary binary) {
    private static final Duration LOG_TIMEOUT = Duration.ofSeconds(10);

    /** The fields that Envoy adds must not make the response too long. */
    private static final int MAX_BYTES = 2 * Limits.KEPT;

    private static final Limits LIMITS = new Limits(Duration.ofSeconds(3), MAX_BYTES, false, MAX_BYTES, Duration.ZERO);

    /** Whether all of its first response was kept. */
    public static boolean possible(ProbeResult.Answered answered) {
        var exchange = answered.exchanges().getFirst();
        return exchange.total() == exchange.received().length();
    }

    /** The same result with Envoy's verdict on its first response. */
    public ProbeResult.Answered replay(ProbeResult.Answered answered) throws IOException, InterruptedException {
        var exchange = answered.exchanges().getFirst();
        try (var origin = RawOrigin.play(script(exchange));
                var envoy = EnvoyProcess.start(binary, EnvoyBootstrap.inbound(origin.address()))) {
            var target = new Target(
                    false,
                    "127.0.0.1",
                    envoy.inbound().getPort(),
                    answered.target().requestTarget(),
                    "Envoy");
            int mark = envoy.output().mark();
            Exchange client;
            try (var connection = ProbeConnection.open(target, LIMITS)) {
                client = connection.exchange(answered.request(), binary.version(), LIMITS);
            }
            var line = envoy.output().awaitAccessLog(mark, 1, LOG_TIMEOUT).getFirst();
            var reason = envoy.output().codecMessages(mark).stream()
                    .flatMap(message -> message.reason().stream())
                    .findFirst()
                    .orElse("");
            var request = answered.request();
            var sides =
                    new ReplayResult.Sides(request.context(request.bytes(target)), exchange, client, origin.calls());
            return answered.with(ReplayResult.of(EnvoyOutput.entry(line), reason, binary.version(), sides));
        }
    }

    private static WireScript script(Exchange exchange) {
        WireStep last = switch (exchange.response().closedBy()) {
            case FIN -> new WireStep.Close();
            case RST -> new WireStep.Reset();
            case OPEN, LEFT -> new WireStep.Stall();
        };
        return new WireScript(
                WireScript.Protocol.HTTP_1,
                List.of(new WireStep.ReadRequest(), new WireStep.Send(exchange.received()), last));
    }
}
