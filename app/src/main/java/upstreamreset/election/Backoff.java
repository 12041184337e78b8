// SPDX-License-Identifier: Apache-2.0
package upstreamreset.election;

import java.util.HashSet;
import java.util.Set;
import upstreamreset.kubernetes.Failure;

/**
 * Decides when to make the next call after a failed one: at first sooner than client-go's retry period, and never
 * later. A leader never waits longer than half of the time it has left, whatever delay the API server requests. All
 * times are in nanoseconds on the monotonic clock.
 */
final class Backoff {
    private record Complaint(boolean reading, Failure.Kind kind) {}

    private final long retryNanos;
    private final long maxNanos;
    private final Set<Complaint> complaints = new HashSet<>();
    private int failures;
    private int conflicts;
    private long notBefore;

    Backoff(long retryNanos, long maxNanos) {
        this.retryNanos = retryNanos;
        this.maxNanos = maxNanos;
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

    /** Returns whether this is to be reported: calls had failed before. */
    boolean succeeded(long now, boolean reading) {
        failures = 0;
        notBefore = now;
        if (!reading) {
            conflicts = 0;
        }
        return complaints.removeIf(each -> !reading || each.reading()) && complaints.isEmpty();
    }

    /** The first conflict is followed by a read at once, further ones after a pause. */
    void conflict(long now) {
        notBefore = now + (conflicts == 0 ? 0 : pause(retryNanos, conflicts));
        conflicts++;
    }

    /** Returns whether this is to be reported: it is the first of its kind. */
    boolean failed(long now, boolean reading, Failure failure, long left) {
        failures++;
        long pause = Math.max(
                pause(retryNanos, failures), Math.min(failure.retryAfter().toNanos(), maxNanos));
        notBefore = now + Math.min(pause, Math.max(left / 2, retryNanos / 4));
        return complaints.add(new Complaint(reading, failure.kind()));
    }

    /** Whether the call before this one failed. */
    boolean failing() {
        return failures > 0;
    }

    /** A quarter, a half, and then a whole retry period. */
    static long pause(long retryNanos, int count) {
        return Math.min(retryNanos, (retryNanos / 4) << Math.min(count - 1, 2));
    }
}
