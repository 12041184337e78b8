// SPDX-License-Identifier: Apache-2.0
package upstreamreset.election;

import java.time.Duration;

/** An action that an {@link Elector} requests. At most one call is in progress; each ends by its timeout. */
public sealed interface ElectorAction {
    /** Read the Lease. */
    record Read(int call, Duration timeout) implements ElectorAction {}

    /** Write the whole Lease. */
    record Write(int call, LeaseRecord record, Duration timeout) implements ElectorAction {}

    /** Open a watch from after {@code version}, in place of the one before. */
    record OpenWatch(int watch, String version) implements ElectorAction {}

    /** Close the watch. */
    record CloseWatch(int watch) implements ElectorAction {}

    /** Start the task, which may run until {@code until} on the monotonic clock. */
    record StartTask(Term term, long until) implements ElectorAction {}

    /** The task may run until {@code until}. */
    record ExtendTask(long until) implements ElectorAction {}

    /** Stop the task at once; {@link ElectorEvent.TaskEnded} says when it has returned. */
    record StopTask() implements ElectorAction {}

    /** Report this to the listener. */
    record Tell(ElectionNews news) implements ElectorAction {}
}
