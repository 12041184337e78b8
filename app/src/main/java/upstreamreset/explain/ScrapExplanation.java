// SPDX-License-Identifier: Apache-2.0
package upstreamreset.explain;

import java.util.List;
import java.util.OptionalInt;
import upstreamreset.http1.Rule;

/**
 * What a piece of text that is no log line says of an exchange.
 *
 * @param words the piece
 * @param speaker whose words they are
 * @param verdict what they say, in one sentence
 * @param failed whether they tell of a failure
 * @param appRan how often the app ran; empty where nothing proves it
 * @param notes what else they give away, a sentence each
 * @param causes ranked
 * @param rules those that the response then has, or can have, broken
 */
record ScrapExplanation(
        String words,
        String speaker,
        String verdict,
        boolean failed,
        OptionalInt appRan,
        List<String> notes,
        List<Cause> causes,
        List<Rule> rules) {
    ScrapExplanation {
        notes = List.copyOf(notes);
        causes = List.copyOf(causes);
        rules = List.copyOf(rules);
    }

    /** What two of them have in common that are shown once. */
    String kind() {
        return speaker + verdict + notes + causes;
    }
}
