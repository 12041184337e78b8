// SPDX-License-Identifier: Apache-2.0
package upstreamreset.probe;

import java.time.Duration;

/**
 * The limits of a probe: how long it waits for a starting server and for all responses, how many bytes of a response it
 * reads, and whether it verifies certificates.
 *
 * @param timeout of the connection, and of all exchanges together
 * @param kept the number of bytes to keep of a response, for display and replay
 * @param start how long to wait until a server listens
 * @param hasty whether to stop soon after the codec has refused the response
 */
public record Limits(Duration timeout, long bytes, boolean trustAnyone, int kept, Duration start, boolean hasty) {
    Limits(Duration timeout, long bytes, boolean trustAnyone, int kept, Duration start) {
        this(timeout, bytes, trustAnyone, kept, start, false);
    }

    /** What is kept unless more is needed. */
    static final int KEPT = 1 << 20;

    /** How long bytes after the end of a response may take to come. */
    static final int LINGER_MILLIS = 20;

    /** The same for the rest of a response that is broken already: Envoy may read more in it. */
    static final int REST_MILLIS = 500;

    /** The same in haste. */
    static final int HASTY_MILLIS = 100;

    public Limits(Duration timeout, long bytes, boolean trustAnyone) {
        this(timeout, bytes, trustAnyone, KEPT, Duration.ZERO);
    }

    /** The same for a server that may take {@code time} until it listens. */
    public Limits waiting(Duration time) {
        return new Limits(timeout, bytes, trustAnyone, kept, time, hasty);
    }

    /** The same, with less time. */
    Limits within(Duration left) {
        return new Limits(left, bytes, trustAnyone, kept, Duration.ZERO, hasty);
    }

    /** The same, for a caller that waits only for the finding. */
    public Limits hastily() {
        return new Limits(timeout, bytes, trustAnyone, kept, start, true);
    }
}
