// SPDX-License-Identifier: Apache-2.0
package upstreamreset.election;

import java.util.List;

/**
 * Keeps one watch open and judges whether it can be relied on: while it brings news nobody polls; when it is silent for a
 * retry period more than a renewal takes, one read; without a watch, a read every retry period.
 */
final class WatchState {
    private enum State {
        CLOSED,
        OPENING,
        OPEN
    }

    private final long retry;
    private State state = State.CLOSED;
    private int number;
    private int failures;
    private long openedAt;
    private long notBefore;
    private String expected = "";
    private boolean overdue;

    WatchState(long retry) {
        this.retry = retry;
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

    /** Whether what {@code watch} tells counts. */
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

    /** The watch must tell of this version: we wrote it. Where it has not told of the one before, it is silent. */
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
        failures = state == State.OPEN && now - openedAt - retry > 0 ? 0 : failures + 1;
        state = State.CLOSED;
        notBefore = now + (failures == 0 ? 0 : Backoff.pause(retry, failures));
        return true;
    }

    /** A read found what the watch had not told. */
    void missedSomething(long now, List<ElectorAction> actions) {
        if (state == State.OPEN && now - openedAt - retry > 0) {
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

    /** Opens what should be open, from what is known. */
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
            return checked + retry;
        }
        boolean once = checked - lease.changedAt() > 0;
        return checked + (once ? 4 * retry : 2 * retry);
    }

    /** When it wants to be woken, where that is before {@code wake}. */
    long wakeBefore(long wake, LeaseView lease) {
        return state == State.CLOSED && lease.known() && notBefore - wake < 0 ? notBefore : wake;
    }
}
