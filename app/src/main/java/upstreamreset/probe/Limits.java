// SPDX-License-Identifier: Apache-2.0
package upstreamreset.probe;

import java.time.Duration;

/**
 * How long a probe waits for a whole response, how many of its bytes it reads, and whether it verifies certificates.
 *
 * @param kept how many bytes of a response are kept, to be shown and replayed
 */
public record Limits(Duration timeout, long bytes, boolean trustAnyone, int kept) {
    /** What is kept unless more is needed. */
    static final int KEPT = 1 << 20;

    /** How long bytes after the end of a response may take to come. */
    static final int LINGER_MILLIS = 20;

    /** The same for the rest of a response that is broken already: Envoy may read more in it. */
    static final int REST_MILLIS = 500;

    public Limits(Duration timeout, long bytes, boolean trustAnyone) {
        this(timeout, bytes, trustAnyone, KEPT);
    }
}
