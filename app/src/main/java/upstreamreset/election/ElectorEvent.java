// SPDX-License-Identifier: Apache-2.0
package upstreamreset.election;

import java.util.Optional;

/** What happens to an {@link Elector}. Answers to calls and watches that it has given up carry an old number. */
public sealed interface ElectorEvent {
    /** Begin, also again after the end. */
    record Started() implements ElectorEvent {}

    /** The time of {@link Elector#wakeAt} has come. */
    record Woken() implements ElectorEvent {}

    /** Stop the work, give the Lease back, end. */
    record StopRequested() implements ElectorEvent {}

    /** The work has returned, asked to or not. */
    record WorkEnded() implements ElectorEvent {}

    /** A read was answered. */
    record Read(int call, Optional<LeaseRecord> record) implements ElectorEvent {}

    /** A write was answered with what is stored now. */
    record Written(int call, LeaseRecord record) implements ElectorEvent {}

    /** A call failed. */
    record Failed(int call, Failure failure) implements ElectorEvent {}

    /** A watch is open. */
    record WatchOpened(int watch) implements ElectorEvent {}

    /** A watch tells the Lease as it has become. */
    record Seen(int watch, LeaseRecord record) implements ElectorEvent {}

    /** A watch tells that the Lease was deleted. */
    record Deleted(int watch, String version) implements ElectorEvent {}

    /** A watch ended or could not be opened. */
    record WatchClosed(int watch, boolean expired) implements ElectorEvent {}
}
