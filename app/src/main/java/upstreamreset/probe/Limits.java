// SPDX-License-Identifier: Apache-2.0
package upstreamreset.probe;

import java.time.Duration;

/**
 * How long a probe waits for a whole response, and how many bytes of it it takes; whom it trusts.
 *
 * @param kept as much of a response as is kept, to be shown and replayed
 */
public record Limits(Duration timeout, long bytes, boolean trustAnyone, int kept) {
    /** What is kept where nobody wants more. */
    static final int KEPT = 1 << 20;

    /** How long bytes after the end of a response may take to come. */
    static final int LINGER_MILLIS = 20;

    /** The same for the rest of a response that is broken already: Envoy may read more in it. */
    static final int REST_MILLIS = 500;

    public Limits(Duration timeout, long bytes, boolean trustAnyone) {
        this(timeout, bytes, trustAnyone, KEPT);
    }
}
