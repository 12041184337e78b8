// SPDX-License-Identifier: Apache-2.0
package upstreamreset.http2;

import upstreamreset.http1.Violation;

/**
 * A violation, and when on the stream it came.
 *
 * @param phase what the client had got by then
 * @param inData whether it came with DATA; else with another frame, or with the end of the connection
 * @param at where the frame begins with which it came
 * @param detail the error code of RST_STREAM, or the bytes of the longest field of a head that is too large; else 0
 */
public record Fault(Violation violation, Phase phase, boolean inData, long at, long detail) {
    /** What a client has got of a response. */
    public enum Phase {
        NOTHING,
        /** A 1xx response. */
        INTERIM,
        HEAD
    }
}
