// SPDX-License-Identifier: Apache-2.0
package upstreamreset.election;

import java.util.HashSet;
import java.util.Set;

/**
 * When the next call may be made after one that failed: sooner than client-go's retry period at first, and never later; a
 * leader never waits for more than half of the time it has left, whatever the API server asks for.
 */
final class Backoff {
    private record Complaint(boolean reading, Failure.Kind kind) {}

    private final long retry;
    private final long longest;
    private final Set<Complaint> complaints = new HashSet<>();
    private int failures;
    private int conflicts;
    private long notBefore;

    Backoff(long retry, long longest) {
        this.retry = retry;
        this.longest = longest;
    }

    long notBefore() {
        return notBefore;
    }

    /** {@code time}, or when a call may be made, if that is later. */
    long after(long time) {
        return time - notBefore > 0 ? time : notBefore;
    }

    void pauseUntil(long time) {
        notBefore = time;
    }

    /** Returns whether this is worth telling: it failed before. */
    boolean succeeded(long now, boolean reading) {
        failures = 0;
        notBefore = now;
        if (!reading) {
            conflicts = 0;
        }
        return complaints.removeIf(each -> !reading || each.reading()) && complaints.isEmpty();
    }

    /** A conflict is answered by a read at once, but not again and again. */
    void conflict(long now) {
        notBefore = now + (conflicts == 0 ? 0 : pause(conflicts));
        conflicts++;
    }

    /** Returns whether this is worth telling: it is the first of its kind. */
    boolean failed(long now, boolean reading, Failure failure, long left) {
        failures++;
        long pause = Math.max(pause(failures), Math.min(failure.retryAfter().toNanos(), longest));
        notBefore = now + Math.min(pause, Math.max(left / 2, retry / 4));
        return complaints.add(new Complaint(reading, failure.kind()));
    }

    /** Whether the call before this one failed. */
    boolean failing() {
        return failures > 0;
    }

    private long pause(int count) {
        return pause(retry, count);
    }

    /** A quarter, a half, and then a whole retry period. */
    static long pause(long retry, int count) {
        return Math.min(retry, (retry / 4) << Math.min(count - 1, 2));
    }
}
