// SPDX-License-Identifier: Apache-2.0
package upstreamreset.scenario;

import java.util.Locale;

/** What becomes of a response on its way through the proxy; the {@code outcome} of the JSON vocabulary. */
public enum Outcome {
    /** The client gets the response whole. */
    PASSES,
    /** The proxy answers in the app's place: nothing of the response reached the client. */
    RESETS_BEFORE,
    /** The client got a head, then the proxy cut the body. */
    RESETS_AFTER,
    /** Nothing ends the exchange but a timeout, or the client that leaves. */
    HANGS,
    /** The client gets a complete response with wrong content, and no sign of it. */
    DAMAGED,
    /** The proxy answers by itself and has not asked the app: no route, no healthy host, circuit open, bad request. */
    REFUSED;

    /** The word as files and JSON write it, for example {@code resets-before}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
