// SPDX-License-Identifier: Apache-2.0
package upstreamreset.verdict;

import java.util.Locale;

/** The outcome of a response that passes through Envoy. */
public enum Outcome {
    /** The client gets it as it was sent; from a log line alone: Envoy passed it on. */
    PASSES,
    /** Envoy answers in its place. */
    RESETS_BEFORE,
    /** The client got the head, then Envoy cuts it off. */
    RESETS_AFTER,
    /** Neither response nor error until a timeout or the connection's end. */
    HANGS,
    /** The client gets it, but not as it was meant. */
    DAMAGED,
    /** Envoy answers by itself without asking the app: no route, no healthy host, circuit open, bad request. */
    REFUSED,
    /**
     * Nobody can tell: a log line of a TCP connection, or with flags and details that only a filter knows; in a capture, a head that
     * was seen in part, or a response that nobody asked for.
     */
    UNKNOWN;

    /** The word for it in text and JSON: {@code resets-before}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
