// SPDX-License-Identifier: Apache-2.0
package upstreamreset.probe;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import upstreamreset.accesslog.AccessLogEntry;
import upstreamreset.accesslog.AccessLogParser;
import upstreamreset.accesslog.LogField;
import upstreamreset.accesslog.ParsedLine;
import upstreamreset.envoy.EnvoyBinary;
import upstreamreset.envoy.EnvoyBootstrap;
import upstreamreset.envoy.EnvoyProcess;
import upstreamreset.framing.Outcome;
import upstreamreset.framing.Verdict;
import upstreamreset.origin.RawOrigin;
import upstreamreset.scenario.WireScript;
import upstreamreset.scenario.WireStep;

/** Sends the very bytes that a server sent through a real Envoy, and says what that made of them. */
public final class Replay {
    private static final Duration LOG_TIMEOUT = Duration.ofSeconds(10);
    private static final Limits LIMITS = new Limits(Duration.ofSeconds(3), Limits.KEPT, false);

    private final EnvoyBinary binary;

    public Replay(EnvoyBinary binary) {
        this.binary = binary;
    }

    /** The same result with Envoy's verdict on its first response. */
    public ProbeResult.Answered replay(ProbeResult.Answered answered) throws IOException, InterruptedException {
        var exchange = answered.exchanges().getFirst();
        if (exchange.total() > exchange.received().length()) {
            throw new IOException("%s: a response of %d bytes is too long to be replayed; the first %d are kept"
                    .formatted(
                            answered.target().text(),
                            exchange.total(),
                            exchange.received().length()));
        }
        try (var origin = RawOrigin.play(script(exchange), RawOrigin.Writes.WHOLE);
                var envoy = EnvoyProcess.start(binary, EnvoyBootstrap.inbound(origin.address()))) {
            var target = new Target(
                    false,
                    "127.0.0.1",
                    envoy.inbound().getPort(),
                    answered.target().requestTarget(),
                    "Envoy");
            int mark = envoy.output().mark();
            Exchange client;
            try (var connection = Connection.open(target, LIMITS)) {
                client = connection.exchange(answered.ask(), binary.version());
            }
            var line = envoy.output().awaitAccessLog(mark, 1, LOG_TIMEOUT).getFirst();
            var reason = envoy.output().codecMessages(mark).stream()
                    .flatMap(message -> message.reason().stream())
                    .findFirst()
                    .orElse("");
            return answered.with(verdict(line, reason, exchange, client));
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

    private Verdict verdict(String line, String reason, Exchange sent, Exchange client) throws IOException {
        var entry = switch (AccessLogParser.istio().parse(line)) {
            case AccessLogEntry parsed -> parsed;
            case ParsedLine.Misfit misfit ->
                throw new IOException("Envoy's access log cannot be read: " + misfit.why());
        };
        var flags = entry.text(LogField.RESPONSE_FLAGS).orElse("-");
        var details = entry.text(LogField.RESPONSE_CODE_DETAILS).orElse("-");
        int status = Math.toIntExact(entry.number(LogField.RESPONSE_CODE).orElse(0));
        boolean own = client.response().fields("x-envoy-upstream-service-time").isEmpty();
        Outcome outcome;
        if (details.startsWith("upstream_reset_")) {
            outcome = own ? Outcome.RESETS_BEFORE : Outcome.RESETS_AFTER;
        } else if (!client.response().complete()) {
            outcome = Outcome.HANGS;
        } else {
            // What happens to a field's value shows in no length: there the model, which knows it, is believed.
            boolean damaged = client.response().bodyLength() != sent.response().bodyLength()
                    || sent.verdict().outcome() == Outcome.DAMAGED;
            outcome = damaged ? Outcome.DAMAGED : Outcome.PASSES;
        }
        return new Verdict(
                outcome,
                status,
                flags,
                details,
                reason.replaceFirst("^http/1\\.1 protocol error: ", ""),
                binary.version());
    }
}
