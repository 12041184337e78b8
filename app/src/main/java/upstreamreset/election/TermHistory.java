// SPDX-License-Identifier: Apache-2.0
package upstreamreset.election;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The last terms that a candidate has seen, at most {@link #MAX_KEPT}, oldest first; from one thread, read from any. */
final class TermHistory {
    static final int MAX_KEPT = 50;

    /** A Lease can name anything as its holder. */
    private static final int MAX_NAME = 100;

    private volatile List<SeenTerm> terms = List.of();
    private @Nullable LeaseRecord seen;
    private @Nullable Term running;
    private Instant renewed = Instant.EPOCH;

    List<SeenTerm> terms() {
        return terms;
    }

    /** Takes in the Lease as it is now; null if there is none. */
    void see(@Nullable LeaseRecord record, Instant now) {
        if (Objects.equals(record, seen)) {
            return;
        }
        seen = record;
        if (record == null || record.holder().isEmpty()) {
            end(record == null || !record.released() ? renewed : time(record.renewTime(), now));
            return;
        }
        var term = Term.of(record);
        if (!term.equals(running)) {
            end(renewed);
            begin(term, time(record.acquireTime(), now));
        }
        renewed = time(record.renewTime(), now);
    }

    private void begin(Term term, Instant from) {
        var next = new ArrayList<>(terms);
        var gap = next.isEmpty()
                ? Optional.<Duration>empty()
                : next.getLast().until().map(until -> Duration.between(until, from));
        if (next.size() == MAX_KEPT) {
            next.removeFirst();
        }
        var name = ElectionOptions.hostname(term.holder());
        next.add(new SeenTerm(
                name.length() > MAX_NAME ? name.substring(0, MAX_NAME) : name,
                term.transitions(),
                from,
                Optional.empty(),
                gap));
        running = term;
        terms = List.copyOf(next);
    }

    private void end(Instant at) {
        if (running != null) {
            running = null;
            var next = new ArrayList<>(terms);
            next.set(next.size() - 1, next.getLast().endedAt(at));
            terms = List.copyOf(next);
        }
    }

    private static Instant time(@Nullable Instant written, Instant now) {
        return written == null ? now : written;
    }
}
