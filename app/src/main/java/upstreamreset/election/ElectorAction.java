// SPDX-License-Identifier: Apache-2.0
package upstreamreset.election;

import java.time.Duration;

/** What an {@link Elector} wants done. At most one call is under way; each ends by its timeout. */
public sealed interface ElectorAction {
    /** Read the Lease. */
    record Read(int call, Duration timeout) implements ElectorAction {}

    /** Write the whole Lease. */
    record Write(int call, LeaseRecord record, Duration timeout) implements ElectorAction {}

    /** Open a watch from after {@code version}; a number that follows replaces the one before. */
    record OpenWatch(int watch, String version) implements ElectorAction {}

    /** Close the watch. */
    record CloseWatch(int watch) implements ElectorAction {}

    /** Start the work, which may go on until {@code until} on the monotonic clock. */
    record StartWork(Term term, long until) implements ElectorAction {}

    /** The work may go on until {@code until}. */
    record ExtendWork(long until) implements ElectorAction {}

    /** Stop the work at once; its end is awaited. */
    record StopWork() implements ElectorAction {}

    /** Tell people. */
    record Tell(ElectionNews news) implements ElectorAction {}
}
