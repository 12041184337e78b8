// SPDX-License-Identifier: Apache-2.0
package upstreamreset.tcp;

import upstreamreset.wire.Bytes;

/**
 * A segment that waits for missing bytes before it.
 *
 * @param bytes the captured part of its {@code length}
 * @param packet which packet of its connection it came in
 */
record EarlySegment(
        int sequence, Bytes bytes, int length, boolean fin, long nanos, long frame, long acknowledged, int packet) {
    /** The same when it is known that the other side began {@code earlier}. */
    EarlySegment knowing(int earlier) {
        long more = acknowledged == Arrival.UNKNOWN ? acknowledged : acknowledged + earlier;
        return new EarlySegment(sequence, bytes, length, fin, nanos, frame, more, packet);
    }
}
