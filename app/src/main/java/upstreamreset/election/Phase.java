// SPDX-License-Identifier: Apache-2.0
package upstreamreset.election;

/** Where an {@link Elector} is. */
sealed interface Phase {
    /** Does not work; wants the Lease. */
    record Candidate() implements Phase {}

    /** Works. */
    record Leading(Term term) implements Phase {}

    /** Has told the work to stop; {@code lost} where the Lease is no longer ours, or may not be. */
    record Stopping(Term term, boolean lost) implements Phase {}

    /** The work has stopped and the Lease is being given back. */
    record Releasing(Term term) implements Phase {}

    /** Not begun, or ended. */
    record Ended() implements Phase {}
}
