// SPDX-License-Identifier: Apache-2.0
package upstreamreset.explain;

import java.util.List;
import java.util.OptionalInt;
import upstreamreset.http1.Rule;

/**
 * The explanation of a text that is not a log line.
 *
 * @param words the piece
 * @param speaker the program that wrote them
 * @param verdict their meaning, in one sentence
 * @param failed whether they indicate a failure
 * @param vague whether they only name a kind of failure
 * @param appRan how often the app ran; empty if unproven
 * @param notes other facts in them, one sentence each
 * @param causes ranked
 * @param rules those that the response has broken or may have broken
 */
record ScrapExplanation(
        String words,
        String speaker,
        String verdict,
        boolean failed,
        boolean vague,
        OptionalInt appRan,
        List<String> notes,
        List<Cause> causes,
        List<Rule> rules) {
    ScrapExplanation {
        notes = List.copyOf(notes);
        causes = List.copyOf(causes);
        rules = List.copyOf(rules);
    }

    /** Whether {@code other} says this and more: a client prints its error twice, and first its kind. */
    boolean isSaidBy(ScrapExplanation other) {
        return words.equals(other.words)
                ? causes.size() < other.causes.size()
                : vague && speaker.equals("gRPC") && !other.vague && other.speaker.equals("Envoy");
    }

    /** Whether it is a line of Envoy's debug log about an attempt, which an access-log line tells better. */
    boolean isAttempt() {
        return words.startsWith("upstream reset: ");
    }

    /** The key of responses that are shown only once. */
    String kind() {
        return speaker + verdict + notes + causes;
    }
}
