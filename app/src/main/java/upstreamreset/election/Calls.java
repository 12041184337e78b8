// SPDX-License-Identifier: Apache-2.0
package upstreamreset.election;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The single call in progress; ignores the response to an older one. */
final class Calls {
    /** The purpose of a call. */
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

    /** Begins a call and returns its number; one that is under way is abandoned. */
    int begin(long now, Purpose purpose) {
        made++;
        pending = new Call(made, purpose, now);
        return made;
    }

    /** Ends the call of this number and returns it; empty if it was abandoned. */
    Optional<Call> answered(int number) {
        var call = pending;
        if (call == null || call.number() != number) {
            return Optional.empty();
        }
        pending = null;
        return Optional.of(call);
    }
}
