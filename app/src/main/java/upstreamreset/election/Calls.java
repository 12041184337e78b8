// SPDX-License-Identifier: Apache-2.0
package upstreamreset.election;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The one call that may be under way; the response to an older one is ignored. */
final class Calls {
    /** What a call is for. */
    enum Purpose {
        READ,
        ACQUIRE,
        RENEW,
        RELEASE
    }

    /** A call and when it was sent. */
    record Call(int number, Purpose purpose, long sentAt) {}

    private @Nullable Call pending;
    private int made;

    boolean underWay() {
        return pending != null;
    }

    void read(long now, Duration timeout, List<ElectorAction> actions) {
        actions.add(new ElectorAction.Read(next(now, Purpose.READ), timeout));
    }

    void write(long now, Purpose purpose, LeaseRecord record, Duration timeout, List<ElectorAction> actions) {
        actions.add(new ElectorAction.Write(next(now, purpose), record, timeout));
    }

    private int next(long now, Purpose purpose) {
        made++;
        pending = new Call(made, purpose, now);
        return made;
    }

    /** Ends the call of this number and returns it; empty where it was abandoned. */
    Optional<Call> answered(int number) {
        var call = pending;
        if (call == null || call.number() != number) {
            return Optional.empty();
        }
        pending = null;
        return Optional.of(call);
    }
}
