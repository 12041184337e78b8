// SPDX-License-Identifier: Apache-2.0
package upstreamreset.kubernetes;

import java.time.Duration;

/**
 * Why a call failed.
 *
 * @param retryAfter the delay that the API server requests; zero if it requests none
 */
public record Failure(Kind kind, String message, Duration retryAfter) {
    /** The kind of failure. */
    public enum Kind {
        /** 409, or 422 to a creator that came second: the record has changed since it was read. */
        CONFLICT,
        /** 403 or 401. */
        FORBIDDEN,
        /** 429. */
        THROTTLED,
        /** 410: the version is too old to watch from. */
        EXPIRED,
        /** Any other response. */
        REFUSED,
        /** No response in time: whether the request was executed is not known. */
        TIMEOUT,
        /** No connection. */
        UNREACHABLE
    }

    public Failure(Kind kind, String message) {
        this(kind, message, Duration.ZERO);
    }
}
