// SPDX-License-Identifier: Apache-2.0
package upstreamreset.matrix;

import java.util.List;
import java.util.Optional;
import upstreamreset.scenario.Scenario;
import upstreamreset.wire.Bytes;

/**
 * The response that a client got from, or through, an implementation.
 *
 * @param status 0 for none
 * @param words the implementation's error message; empty for none
 */
record ObservedResponse(End end, int status, Bytes body, String words) {
    /** How it ended for the client. */
    enum End {
        /** With a response that looks whole. */
        WHOLE,
        /** With an error, a response of the implementation's own, or one that is visibly cut. */
        ERROR,
        /** Not within {@link HttpImplementation#PATIENCE}. */
        TIMEOUT
    }

    /** Compares it with what the scenario's app meant. */
    Cell.Seen judged(Scenario scenario) {
        return new Cell.Seen(reaction(scenario), status, body.length(), words, Optional.empty(), List.of());
    }

    private Reaction reaction(Scenario scenario) {
        return switch (end) {
            case WHOLE -> whole(scenario, body);
            case ERROR -> Reaction.REJECTS;
            case TIMEOUT -> Reaction.HANGS;
        };
    }

    /** A response that looks whole: is it the one that was meant? */
    static Reaction whole(Scenario scenario, Bytes body) {
        return scenario.meant().filter(body::equals).isPresent() ? Reaction.ACCEPTS : Reaction.MISREADS;
    }
}
