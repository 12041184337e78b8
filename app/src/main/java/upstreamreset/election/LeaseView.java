// SPDX-License-Identifier: Apache-2.0
package upstreamreset.election;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Decides when a candidate may take the Lease, only by the local time of the last change that it saw (client-go,
 * leaderelection.go: observedTime), in nanoseconds on the monotonic clock. Only a released Lease may be taken at once.
 * For a missing, empty, foreign or edited Lease it waits at least one of our lease durations, because the holder's task
 * may still run.
 */
final class LeaseView {
    private final long leaseNanos;
    private final String identity;
    private boolean known;
    private boolean first;
    private @Nullable LeaseRecord record;
    private String version = "";
    private int transitions;
    private long changedAt;
    private long checkedAt;
    private boolean everKnown;
    private @Nullable Term attempt;
    private @Nullable Term claim;
    private long claimedAt;
    private @Nullable Duration skew;

    LeaseView(ElectionOptions options) {
        this.leaseNanos = options.leaseDuration().toNanos();
        this.identity = options.identity();
    }

    /** Forgets the observed Lease, but not our own holding of it. */
    void forget() {
        known = false;
    }

    boolean known() {
        return known;
    }

    Optional<LeaseRecord> record() {
        return Optional.ofNullable(record);
    }

    /** The version to watch from. */
    String version() {
        return record == null ? "" : version;
    }

    long changedAt() {
        return changedAt;
    }

    /** When the Lease was last read or reported, changed or not. */
    long checkedAt() {
        return checkedAt;
    }

    /** Whether this version is older than the observed one: a response overtook the watch. */
    boolean passed(String seenVersion) {
        return known && LeaseRecord.compareVersions(seenVersion, version) < 0;
    }

    /** Takes in the Lease as the API server reports it. Returns whether that was a change. */
    boolean see(long now, @Nullable LeaseRecord seen, String seenVersion) {
        var before = record;
        boolean same = seen == null ? before == null : before != null && seen.sameClaimAs(before);
        boolean changed = !known || !same;
        if (changed) {
            changedAt = now;
            first = !everKnown;
        }
        known = true;
        everKnown = true;
        record = seen;
        checkedAt = now;
        if (!seenVersion.isEmpty()) {
            version = seenVersion;
        }
        if (seen != null) {
            transitions = seen.transitions();
        }
        return changed;
    }

    /** We may be the holder of this term from now on: a write to an existing Lease was sent. */
    void attempted(Term term) {
        attempt = term;
    }

    /** We are the holder: a write that was sent at {@code sentAt} succeeded. */
    void claimed(Term term, long sentAt) {
        claim = term;
        claimedAt = sentAt;
    }

    /** Whether the Lease, as seen last, runs on our term. */
    boolean shows(Term term) {
        return record != null && Term.of(record).equals(term);
    }

    /** Whether the Lease is as this term's holder released it. */
    boolean showsReleaseOf(Term term) {
        return record != null
                && record.released()
                && record.uid().equals(term.uid())
                && record.transitions() == term.transitions();
    }

    /** We release it: from now on another may begin at any time. */
    void relinquished() {
        claim = null;
    }

    /** The state of the Lease, for people. */
    String standing() {
        if (record == null) {
            return "there is no Lease";
        }
        if (record.holder().isEmpty()) {
            return record.released() ? "the Lease was released" : "the Lease names no holder, but was not released";
        }
        return "the Lease is held by " + record.holder();
    }

    /** How far the holder's wall clock was ahead of ours at its last renewal; nothing depends on it. */
    Optional<Duration> skew() {
        return Optional.ofNullable(skew);
    }

    void observeSkew(Instant wall, LeaseRecord seen) {
        var renewed = seen.renewTime();
        if (known
                && renewed != null
                && !seen.holder().isEmpty()
                && !seen.holder().equals(identity)) {
            skew = Duration.between(wall, renewed);
        }
    }

    /** From when on we may take the Lease, if it does not change again. */
    long takeAt(long now, Duration callTimeout) {
        var seen = record;
        if (seen == null) {
            return exclusive(now, callTimeout) ? now : changedAt + leaseNanos;
        }
        if (seen.released()) {
            return changedAt;
        }
        var own = claim;
        var shown = Term.of(seen);
        if (seen.holder().equals(identity) && (first || shown.equals(own) || shown.equals(attempt))) {
            // The holder was this container's predecessor, which has ended, or this very process. A creation whose
            // response
            // was lost does not count: it may have been stored late, under a leader whose Lease was deleted.
            return changedAt;
        }
        if (seen.holder().isEmpty() && own != null && own.uid().equals(seen.uid()) && exclusive(now, callTimeout)) {
            return now;
        }
        return changedAt + Math.max(leaseNanos, TimeUnit.SECONDS.toNanos(seen.durationSeconds()));
    }

    /**
     * Whether a write that is sent now ends before another can have acquired the Lease, which none can until a lease
     * duration after our last successful write. Only for when our own task has stopped.
     */
    private boolean exclusive(long now, Duration callTimeout) {
        return claim != null && claimedAt + leaseNanos - now - callTimeout.toNanos() > 0;
    }

    /** The number for our next term: every acquisition raises it, also one after a deletion that we saw. */
    int nextTransitions() {
        return transitions == Integer.MAX_VALUE ? 1 : transitions + 1;
    }
}
