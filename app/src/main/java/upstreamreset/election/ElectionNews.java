// SPDX-License-Identifier: Apache-2.0
package upstreamreset.election;

import upstreamreset.kubernetes.Failure;

/** The events that an election reports to people. */
public sealed interface ElectionNews {
    /** We lead. */
    record Became(Term term) implements ElectionNews {}

    /** We lead no longer; the task has been told to stop. */
    record Stopping(Term term, String why) implements ElectionNews {}

    /** We lead no longer, and the task has returned. */
    record Stopped(Term term) implements ElectionNews {}

    /** We released the Lease. */
    record Released(Term term) implements ElectionNews {}

    /** Another holds the Lease, or ({@code holder} empty) nobody does. */
    record Leader(String holder) implements ElectionNews {}

    /** Calls fail; reported once for each kind of failure until a call succeeds. */
    record Trouble(Failure failure) implements ElectionNews {}

    /** Calls succeed again. */
    record Recovered() implements ElectionNews {}

    /** The leader's task ended with an exception; it gives up the leadership. */
    record TaskFailed(Throwable failure) implements ElectionNews {}

    /** Why a candidate waits before it leads. */
    record Waiting(String why) implements ElectionNews {}
}
