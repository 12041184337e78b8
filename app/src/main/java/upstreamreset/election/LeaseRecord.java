// SPDX-License-Identifier: Apache-2.0
package upstreamreset.election;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * A {@code coordination.k8s.io/v1} Lease as the API server reports it; an absent field is empty, 0 or null.
 *
 * @param uid the object's uid; empty in a record to be created
 * @param version the resourceVersion that a write must find; empty in a record to be created
 * @param metadata the object's other metadata, which a write hands back unread
 */
public record LeaseRecord(
        String uid,
        String version,
        String metadata,
        String holder,
        int durationSeconds,
        int transitions,
        @Nullable Instant acquireTime,
        @Nullable Instant renewTime) {

    /** The record that client-go leaves on release (leaderelection.go, release()): no holder, and one second to live. */
    public static final int RELEASED_SECONDS = 1;

    /**
     * Whether its holder released it, after its task had stopped. Where the holder was merely removed by hand, its task may
     * still run.
     */
    public boolean released() {
        return holder.isEmpty() && durationSeconds == RELEASED_SECONDS;
    }

    /** Stands for a Lease that does not exist; {@link #claimed} fills it in. */
    static final LeaseRecord NONE = new LeaseRecord("", "", "", "", 0, 0, null, null);

    /** This Lease under a term that began at {@code acquired}, to be written over this version. */
    LeaseRecord claimed(Term term, Duration lasting, Instant acquired, Instant now) {
        int seconds = Math.toIntExact(lasting.toSeconds());
        return rewritten(term.holder(), seconds, term.transitions(), acquired, now);
    }

    /** This Lease released. */
    LeaseRecord releasedAt(Instant now) {
        return rewritten("", RELEASED_SECONDS, transitions, now, now);
    }

    private LeaseRecord rewritten(String newHolder, int newSeconds, int newTransitions, Instant acquired, Instant now) {
        // As precise as Kubernetes' MicroTime. The others must see a change even when this clock stands still.
        var renewed = now.truncatedTo(ChronoUnit.MICROS);
        return new LeaseRecord(
                uid,
                version,
                metadata,
                newHolder,
                newSeconds,
                newTransitions,
                acquired.truncatedTo(ChronoUnit.MICROS),
                renewed.equals(renewTime) ? renewed.plus(1, ChronoUnit.MICROS) : renewed);
    }

    /** Whether nothing has changed that the election depends on; as for client-go, labels and the like do not count. */
    boolean sameClaimAs(LeaseRecord other) {
        return equals(new LeaseRecord(
                other.uid,
                version,
                metadata,
                other.holder,
                other.durationSeconds,
                other.transitions,
                other.acquireTime,
                other.renewTime));
    }

    /** Negative where the API server wrote {@code a} first: versions of one etcd count up. 0 if that is not known. */
    static int compareVersions(String a, String b) {
        if (!number(a) || !number(b)) {
            return 0;
        }
        return a.length() != b.length() ? Integer.compare(a.length(), b.length()) : a.compareTo(b);
    }

    private static boolean number(String version) {
        return !version.isEmpty() && version.charAt(0) != '0' && version.chars().allMatch(c -> c >= '0' && c <= '9');
    }
}
