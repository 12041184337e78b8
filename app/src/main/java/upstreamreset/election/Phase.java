// SPDX-License-Identifier: Apache-2.0
package upstreamreset.election;

/** The state of an {@link Elector}. */
sealed interface Phase {
    /** Wants the Lease; its task does not run. */
    record Candidate() implements Phase {}

    /** Its task runs. */
    record Leading(Term term) implements Phase {}

    /** The task has been told to stop; {@code lost} where the Lease is no longer ours, or may not be. */
    record Stopping(Term term, boolean lost) implements Phase {}

    /** The task has returned and the Lease is being released. */
    record Releasing(Term term) implements Phase {}

    /** Not begun, or ended. */
    record Ended() implements Phase {}
}
