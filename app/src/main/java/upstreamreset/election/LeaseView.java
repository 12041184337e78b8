// SPDX-License-Identifier: Apache-2.0
package upstreamreset.election;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a candidate has seen of the Lease, and from when on it may take it, judged by the local time of the last change
 * alone (client-go, leaderelection.go: observedTime). Whatever is not a release is waited out for a lease duration of our
 * own at least: also a Lease that is missing, empty, foreign or edited, since its holder may still be working.
 */
final class LeaseView {
    private final ElectionOptions options;
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
        this.options = options;
        this.identity = options.identity();
    }

    /** Forgets what was seen, not what we held. */
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

    /** When something last told us the present state, changed or not. */
    long checkedAt() {
        return checkedAt;
    }

    /** Whether a watch tells what we have passed: an answer overtook it. */
    boolean passed(String seenVersion) {
        return known && LeaseRecord.compareVersions(seenVersion, version) < 0;
    }

    /** Takes in what the API server told, and says whether it was a change. */
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

    /** Whether the Lease stands as this term's holder left it. */
    boolean showsReleaseOf(Term term) {
        return record != null
                && record.released()
                && record.uid().equals(term.uid())
                && record.transitions() == term.transitions();
    }

    /** We give it up: from now on another may begin at any time. */
    void relinquished() {
        claim = null;
    }

    /** How the Lease stands, for people. */
    String standing() {
        if (record == null) {
            return "there is no Lease";
        }
        if (record.holder().isEmpty()) {
            return record.released() ? "the Lease was released" : "the Lease names no holder, but was not released";
        }
        return "the Lease is held by " + record.holder();
    }

    /** How far the holder's wall clock was ahead of ours when its last renewal was told; nothing is judged by it. */
    Optional<Duration> skew() {
        return Optional.ofNullable(skew);
    }

    void observeSkew(Instant wall, LeaseRecord told) {
        var renewed = told.renewTime();
        if (known
                && renewed != null
                && !told.holder().isEmpty()
                && !told.holder().equals(identity)) {
            skew = Duration.between(wall, renewed);
        }
    }

    /** From when on we may take the Lease, if it does not change again. */
    long takeAt(long now, Duration callTimeout) {
        var seen = record;
        if (seen == null) {
            return exclusive(now, callTimeout)
                    ? now
                    : changedAt + options.leaseDuration().toNanos();
        }
        if (seen.released()) {
            return changedAt;
        }
        var own = claim;
        var shown = Term.of(seen);
        if (seen.holder().equals(identity) && (first || shown.equals(own) || shown.equals(attempt))) {
            // The container's predecessor in this Pod has gone, or it is a term of this very process. A creation whose
            // answer was lost is not among them: it may have arrived late, under a leader whose Lease was deleted.
            return changedAt;
        }
        if (seen.holder().isEmpty() && own != null && own.uid().equals(seen.uid()) && exclusive(now, callTimeout)) {
            return now;
        }
        return changedAt
                + Math.max(
                        options.leaseDuration().toNanos(),
                        Duration.ofSeconds(seen.durationSeconds()).toNanos());
    }

    /**
     * Whether a write that is sent now ends before another can have begun: not until a lease duration after our last
     * successful one. Only after our own work has stopped.
     */
    private boolean exclusive(long now, Duration callTimeout) {
        return claim != null && claimedAt + options.leaseDuration().toNanos() - now - callTimeout.toNanos() > 0;
    }

    /** The number for our next term: every acquisition raises it, also one after a deletion that we saw. */
    int nextTransitions() {
        return transitions == Integer.MAX_VALUE ? 1 : transitions + 1;
    }
}
