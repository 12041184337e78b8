// SPDX-License-Identifier: Apache-2.0
package upstreamreset.election.simulation;

import java.time.Duration;

/** What may go wrong in a simulated election. A candidate is named, or {@code leader}: whoever leads at that moment. */
sealed interface Fault {
    /** How long it lasts; zero for what happens at once. */
    default Duration lasting() {
        return Duration.ZERO;
    }

    /** SIGKILL: it ends at once. */
    record Kill(String candidate) implements Fault {}

    /** SIGTERM: stops its task, releases the Lease, ends. */
    record Terminate(String candidate) implements Fault {}

    /** A new process in the same Pod, with the same identity; ends the old one, if it still runs. */
    record Restart(String candidate) implements Fault {}

    /** SIGSTOP, and SIGCONT later. */
    record Freeze(String candidate, Duration lasting) implements Fault {}

    /** Its wall clock is wrong by this much from now on. */
    record Skew(String candidate, Duration by) implements Fault {}

    /** Its task neither ticks nor returns for so long. */
    record Stick(String candidate, Duration lasting) implements Fault {}

    /** The API server takes requests and answers none. */
    record Outage(Duration lasting) implements Fault {}

    /** The API server refuses connections and closes watches. */
    record Refuse(Duration lasting) implements Fault {}

    /** Calls take up to so much longer, on the way there and on the way back. */
    record Slow(Duration by, Duration lasting) implements Fault {}

    /** Calls are answered with this status. */
    record Errors(int status, Duration lasting) implements Fault {}

    /** Its watch is closed. */
    record LoseWatch(String candidate) implements Fault {}

    /** Its watch stays open and reports nothing. */
    record SilenceWatch(String candidate, Duration lasting) implements Fault {}

    /** Someone deletes the Lease. */
    record DeleteLease() implements Fault {}

    /** Someone edits the Lease by hand. */
    record EditLease(Edit edit) implements Fault {}

    /** What a hand does to a Lease. */
    enum Edit {
        /** The whole spec is removed. */
        EMPTY,
        /** Another holder, who is not there. */
        FOREIGN,
        /** The holder is wiped out, without a release. */
        NO_HOLDER,
        /** One second instead of the lease duration. */
        SHORT,
        /** The count begins again. */
        TRANSITIONS,
        /** A label: nothing that concerns the election. */
        LABEL
    }
}
