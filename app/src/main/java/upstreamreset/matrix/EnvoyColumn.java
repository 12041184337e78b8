// SPDX-License-Identifier: Apache-2.0
package upstreamreset.matrix;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import upstreamreset.envoy.install.EnvoyBinary;
import upstreamreset.lab.Reproduction;
import upstreamreset.lab.Sweep;
import upstreamreset.scenario.Scenario;
import upstreamreset.verdict.Outcome;
import upstreamreset.verdict.Verdict;

/** Runs the scenarios against one Envoy, in labs. */
final class EnvoyColumn {
    private EnvoyColumn() {}

    static Column of(EnvoyBinary binary, List<Scenario> scenarios, Runnable asked) throws InterruptedException {
        var cells = new ArrayList<Cell>();
        var title = "envoy " + binary.version();
        try {
            Sweep.run(binary, scenarios, reproduction -> {
                cells.add(cell(reproduction));
                asked.run();
            });
            return new Column(Implementation.ENVOY, title, Optional.empty(), cells);
        } catch (IOException e) {
            return Column.unavailable(Implementation.ENVOY, title, e, scenarios);
        }
    }

    /**
     * A response that Envoy passed on is judged like any other implementation's; the access log says whether it passed
     * it on.
     */
    private static Cell cell(Reproduction reproduction) {
        var verdict = reproduction.judged().envoy();
        var scenario = reproduction.scenario();
        var client = reproduction.client();
        var reaction = switch (verdict.outcome()) {
            case RESETS_BEFORE, RESETS_AFTER, REFUSED, UNKNOWN -> Reaction.REJECTS;
            case HANGS -> Reaction.HANGS;
            case PASSES, DAMAGED ->
                scenario.meant().isPresent()
                        ? ObservedResponse.whole(scenario, client.body())
                        : verdict.outcome() == Outcome.PASSES ? Reaction.ACCEPTS : Reaction.MISREADS;
        };
        return new Cell.Seen(
                reaction,
                verdict.status(),
                client.bodyLength(),
                words(verdict),
                Optional.of(verdict),
                reproduction.differences());
    }

    private static String words(Verdict verdict) {
        return verdict.message().isEmpty() ? verdict.details() : verdict.message();
    }
}
