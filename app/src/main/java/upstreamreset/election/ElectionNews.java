// SPDX-License-Identifier: Apache-2.0
package upstreamreset.election;

/** What people want to know of an election. */
public sealed interface ElectionNews {
    /** We lead. */
    record Became(Term term) implements ElectionNews {}

    /** We lead no longer; the work has been told to stop. */
    record Stopping(Term term, String why) implements ElectionNews {}

    /** We lead no longer, and the work has stopped. */
    record Stopped(Term term) implements ElectionNews {}

    /** We gave the Lease back. */
    record Released(Term term) implements ElectionNews {}

    /** Another holds the Lease, or ({@code holder} empty) nobody does. */
    record Leader(String holder) implements ElectionNews {}

    /** Calls fail; told once for each kind until one succeeds again. */
    record Trouble(Failure failure) implements ElectionNews {}

    /** Calls succeed again. */
    record Recovered() implements ElectionNews {}

    /** Something that explains a wait. */
    record Waiting(String why) implements ElectionNews {}
}
