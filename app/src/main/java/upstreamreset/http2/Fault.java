// SPDX-License-Identifier: Apache-2.0
package upstreamreset.http2;

import upstreamreset.http1.Violation;

/**
 * A violation, and its time on the stream.
 *
 * @param phase the part of the response that the client had by then
 * @param inData whether it came with DATA; else with another frame, or with the end of the connection
 * @param at the position of its frame
 * @param detail the error code of RST_STREAM, or the bytes of the longest field of a head that is too large; else 0
 */
public record Fault(Violation violation, Phase phase, boolean inData, long at, long detail) {
    /** The part of a response that a client has received. */
    public enum Phase {
        NOTHING,
        /** A 1xx response. */
        INTERIM,
        HEAD
    }
}
