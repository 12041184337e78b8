// SPDX-License-Identifier: Apache-2.0
package upstreamreset.election;

import java.util.Optional;
import upstreamreset.kubernetes.Failure;

/** An event for an {@link Elector}. Events of an abandoned call or watch carry an old number and are ignored. */
public sealed interface ElectorEvent {
    /** Begin, also again after the end. */
    record Started() implements ElectorEvent {}

    /** The time of {@link Elector#wakeAt} has come. */
    record Woken() implements ElectorEvent {}

    /** Stop the task, release the Lease, end. */
    record StopRequested() implements ElectorEvent {}

    /** The task has returned, asked to or not. */
    record TaskEnded() implements ElectorEvent {}

    /** A read succeeded. */
    record Read(int call, Optional<LeaseRecord> record) implements ElectorEvent {}

    /** A write succeeded; {@code record} is the stored Lease. */
    record Written(int call, LeaseRecord record) implements ElectorEvent {}

    /** A call failed. */
    record Failed(int call, Failure failure) implements ElectorEvent {}

    /** A watch is open. */
    record WatchOpened(int watch) implements ElectorEvent {}

    /** A watch reports the Lease as it is now. */
    record Seen(int watch, LeaseRecord record) implements ElectorEvent {}

    /** A watch reports that the Lease was deleted. */
    record Deleted(int watch, String version) implements ElectorEvent {}

    /** A watch ended or could not be opened. */
    record WatchClosed(int watch, boolean expired) implements ElectorEvent {}
}
