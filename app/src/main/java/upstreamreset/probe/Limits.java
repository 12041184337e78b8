// SPDX-License-Identifier: Apache-2.0
package upstreamreset.probe;

import java.time.Duration;

/** How long a probe waits for a whole response, and how many bytes of it it takes; whom it trusts. */
public record Limits(Duration timeout, long bytes, boolean trustAnyone) {
    /** As much of a response as is kept, to be shown and replayed. */
    static final int KEPT = 1 << 20;

    /** How long bytes after the end of a response may take to come. */
    static final int LINGER_MILLIS = 20;
}
