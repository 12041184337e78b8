// SPDX-License-Identifier: Apache-2.0
package upstreamreset.probe;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import upstreamreset.codec.ProxyAlteration;
import upstreamreset.http1.CloseReason;
import upstreamreset.verdict.JudgedResponse;
import upstreamreset.verdict.Outcome;
import upstreamreset.verdict.Verdict;

/** What one URL came to. */
public sealed interface ProbeResult {
    Target target();

    /** Whether nothing was found. */
    boolean healthy();

    /** Nobody to judge: the reason is one sentence. */
    record Unreachable(Target target, String reason) implements ProbeResult {
        @Override
        public boolean healthy() {
            return false;
        }
    }

    /**
     * The server answered, whatever it is worth.
     *
     * @param replayed what a real Envoy did with the very bytes of the first response, if it was asked
     */
    record Answered(Target target, ProbeRequest ask, List<Exchange> exchanges, Reuse reuse, Optional<Replayed> replayed)
            implements ProbeResult {
        public Answered {
            exchanges = List.copyOf(exchanges);
        }

        /** The responses, judged in order. */
        public List<JudgedResponse> judged() {
            var judged = new ArrayList<JudgedResponse>();
            for (var exchange : exchanges) {
                // What Envoy did is known of the first alone.
                judged.add(judge(exchange, judged.isEmpty() ? replayed.map(Replayed::verdict) : Optional.empty()));
            }
            return judged;
        }

        private JudgedResponse judge(Exchange exchange, Optional<Verdict> observed) {
            return JudgedResponse.of(
                    new JudgedResponse.Request(ask.method(), target.requestTarget(), Optional.empty()),
                    exchange.response(),
                    closedBy(exchange.response().closedBy()),
                    observed.orElse(exchange.verdict()),
                    observed.isPresent());
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
                            .allMatch(response -> response.findings().isEmpty()
                                    && response.envoy().outcome() == Outcome.PASSES)
                    && exchanges.stream().noneMatch(Exchange::endless);
        }

        /** The same with what a real Envoy did. */
        public Answered with(Replayed observed) {
            return new Answered(target, ask, exchanges, reuse, Optional.of(observed));
        }
    }

    /**
     * What a real Envoy did.
     *
     * @param alterations what did not arrive as it was sent, where Envoy passed it on
     */
    record Replayed(Verdict verdict, List<ProxyAlteration> alterations) {
        public Replayed {
            alterations = List.copyOf(alterations);
        }
    }
}
