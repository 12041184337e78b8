// SPDX-License-Identifier: Apache-2.0
package upstreamreset.matrix;

import java.util.List;
import java.util.Optional;
import upstreamreset.scenario.Scenario;
import upstreamreset.wire.Bytes;

/**
 * What one who asked through, or with, a recipient got.
 *
 * @param status 0 for none
 * @param words the recipient's own about an error; empty for none
 */
record Answer(End end, int status, Bytes body, String words) {
    /** How it ended for whoever asked. */
    enum End {
        /** With a response that looks whole. */
        WHOLE,
        /** With an error, a response of the recipient's own, or one that is visibly cut. */
        ERROR,
        /** Not within the time that one waits. */
        TIMEOUT
    }

    /** The answer held against what the scenario's app meant. */
    Cell.Seen judged(Scenario scenario) {
        return new Cell.Seen(reception(scenario), status, body.length(), words, Optional.empty(), List.of());
    }

    private Reaction reception(Scenario scenario) {
        return switch (end) {
            case WHOLE -> whole(scenario, body);
            case ERROR -> Reaction.REJECTS;
            case TIMEOUT -> Reaction.HANGS;
        };
    }

    /** A response that looks whole: is it the one that was meant? */
    static Reaction whole(Scenario scenario, Bytes body) {
        return scenario.meant().filter(body::equals).isPresent() ? Reaction.ACCEPTS : Reaction.FOOLED;
    }
}
