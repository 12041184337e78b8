// SPDX-License-Identifier: Apache-2.0
package upstreamreset.election;

import java.util.List;

/**
 * Keeps one watch open and decides how often to read the Lease in addition: never while the watch delivers events; once
 * if it is silent for a retry period longer than a renewal takes; every retry period if there is no watch. All times
 * are in nanoseconds on the monotonic clock.
 */
final class WatchState {
    private enum State {
        CLOSED,
        OPENING,
        OPEN
    }

    private final long retryNanos;
    private State state = State.CLOSED;
    private int number;
    private int failures;
    private long openedAt;
    private long notBefore;
    private String expected = "";
    private boolean overdue;

    WatchState(long retryNanos) {
        this.retryNanos = retryNanos;
    }

    void begin(long now) {
        notBefore = now;
        failures = 0;
    }

    void opened(int watch, long now) {
        if (watch == number && state == State.OPENING) {
            state = State.OPEN;
            openedAt = now;
            expected = "";
            overdue = false;
        }
    }

    /** Whether {@code watch} is the present one; an older one is ignored. */
    boolean heard(int watch, String version) {
        if (watch != number || state == State.CLOSED) {
            return false;
        }
        if (LeaseRecord.compareVersions(version, expected) >= 0) {
            expected = "";
            overdue = false;
        }
        return true;
    }

    /** The watch must report this version, which we wrote. If it has not reported the one before, it is silent. */
    void expect(String version) {
        if (state == State.OPEN && expected.isEmpty()) {
            expected = version;
        } else if (state == State.OPEN) {
            overdue = true;
        }
    }

    boolean closed(int watch, long now) {
        if (watch != number || state == State.CLOSED) {
            return false;
        }
        failures = state == State.OPEN && now - openedAt - retryNanos > 0 ? 0 : failures + 1;
        state = State.CLOSED;
        notBefore = now + (failures == 0 ? 0 : Backoff.pause(retryNanos, failures));
        return true;
    }

    /** A read found a change that the watch had not reported. */
    void missedSomething(long now, List<ElectorAction> actions) {
        if (state == State.OPEN && now - openedAt - retryNanos > 0) {
            close(actions);
            notBefore = now;
        }
    }

    void close(List<ElectorAction> actions) {
        if (state != State.CLOSED) {
            actions.add(new ElectorAction.CloseWatch(number));
            state = State.CLOSED;
        }
    }

    /** Opens the watch where it should be open. */
    void proceed(long now, LeaseView lease, List<ElectorAction> actions) {
        if (overdue) {
            overdue = false;
            close(actions);
            notBefore = now;
        }
        if (state == State.CLOSED && lease.known() && now - notBefore >= 0) {
            number++;
            state = State.OPENING;
            actions.add(new ElectorAction.OpenWatch(number, lease.version()));
        }
    }

    /** When a candidate should read. */
    long checkAt(LeaseView lease) {
        long checked = lease.checkedAt();
        if (state != State.OPEN) {
            return checked + retryNanos;
        }
        boolean once = checked - lease.changedAt() > 0;
        return checked + (once ? 4 * retryNanos : 2 * retryNanos);
    }

    /** {@code wake}, or when the watch is to be opened, if that is before. */
    long wakeBefore(long wake, LeaseView lease) {
        return state == State.CLOSED && lease.known() && notBefore - wake < 0 ? notBefore : wake;
    }
}
