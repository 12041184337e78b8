// SPDX-License-Identifier: Apache-2.0
package upstreamreset.probe;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import upstreamreset.framework.Framework;
import upstreamreset.http1.CloseReason;
import upstreamreset.http1.Rule;
import upstreamreset.verdict.JudgedResponse;
import upstreamreset.verdict.Outcome;
import upstreamreset.verdict.Verdict;

/** The result of probing one URL. */
public sealed interface ProbeResult {
    Target target();

    /** Whether there is no finding. */
    boolean healthy();

    /** How long it took to know. */
    Duration took();

    /**
     * The server could not be asked; the reason is one sentence.
     *
     * @param perhapsLater whether a server that starts looks like this
     */
    record Unreachable(Target target, String reason, boolean perhapsLater, Duration took) implements ProbeResult {
        @Override
        public boolean healthy() {
            return false;
        }
    }

    /**
     * The server took the connection, and there is something to judge, if only its silence.
     *
     * @param replayed what a real Envoy did with the bytes of the first response, if they were replayed
     * @param framework its framework, if given by the user
     */
    record Answered(
            Target target,
            ProbeRequest request,
            List<Exchange> exchanges,
            Reuse reuse,
            Optional<ReplayResult> replayed,
            Duration took,
            Optional<Framework> framework)
            implements ProbeResult {
        public Answered {
            exchanges = List.copyOf(exchanges);
        }

        /** The responses, judged in order. */
        public List<JudgedResponse> judged() {
            var judged = new ArrayList<JudgedResponse>();
            for (var exchange : exchanges) {
                // What Envoy did is known of the first alone.
                judged.add(judge(exchange, judged.isEmpty() ? replayed.map(ReplayResult::verdict) : Optional.empty()));
            }
            return judged;
        }

        private JudgedResponse judge(Exchange exchange, Optional<Verdict> observed) {
            var judged = JudgedResponse.of(
                    new JudgedResponse.Request(request.method(), target.requestTarget(), Optional.empty()),
                    exchange.response(),
                    closedBy(exchange.response().closedBy()),
                    observed.orElse(exchange.verdict()),
                    observed.isPresent());
            return framework.map(judged::madeBy).orElse(judged);
        }

        private static String closedBy(CloseReason end) {
            return switch (end) {
                case OPEN -> "nobody";
                case FIN, RST -> "server " + end.text();
                case LEFT -> "client FIN";
            };
        }

        @Override
        public boolean healthy() {
            return judged().stream()
                    .allMatch(response ->
                            response.findings().isEmpty() && response.envoy().outcome() == Outcome.PASSES);
        }

        /** The same, with what a real Envoy did. */
        public Answered with(ReplayResult observed) {
            return new Answered(target, request, exchanges, reuse, Optional.of(observed), took, framework);
        }

        /** The same from a port that speaks something else than HTTP/1.1, and closes under it. */
        Answered firstSpeaking(Rule other) {
            var named = new ArrayList<>(exchanges);
            named.set(0, named.getFirst().speaking(other));
            return new Answered(target, request, named, reuse, replayed, took, framework);
        }

        /** The same from a server whose framework the user gives. */
        public Answered madeBy(Framework given) {
            return new Answered(target, request, exchanges, reuse, replayed, took, Optional.of(given));
        }
    }
}
