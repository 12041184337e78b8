// SPDX-License-Identifier: Apache-2.0
package upstreamreset.codec;

import upstreamreset.verdict.Outcome;

/** Decides whether the client gets something other than the upstream sent, beyond the changes that a proxy may make. */
final class Damage {
    private final BalsaFrame frame;
    private boolean found;
    private boolean bodyDiffers;
    private boolean bytesAfterEndSeen;
    private boolean refusedLineOver;

    Damage(BalsaFrame frame) {
        this.frame = frame;
    }

    /** Starts with the head of a response, which is forwarded. */
    void forwarded(BalsaHead head, EnvoyFields fields) {
        found = fields.altered();
        // Chunked to the codec but not to the parser: the chunk framing passes as body.
        bodyDiffers = head.transferEncoding() && !head.chunked() && !fields.unknownCoding();
    }

    /** Envoy replies with this head, and without the body, because the handshake failed. */
    void localReply(BalsaHead head, EnvoyFields fields, boolean interim) {
        bodyDiffers = true;
        // A local reply without a body has neither field (source/common/http/utility.cc, prepareLocalReply).
        found |= interim || fields.contentType() || (head.statusLine().status() == 304 && fields.contentLengthLost());
    }

    /** Bytes of the body have come. */
    void body(int length) {
        found |= length > 0 && (bodyDiffers || frame.headEndedEarly());
    }

    /** The bytes [from, to) follow the complete response: if its head ended early, they are more of it, or its empty line. */
    void afterEnd(byte[] segment, int from, int to) {
        if (frame.headEndedEarly() && from < to && !bytesAfterEndSeen) {
            bytesAfterEndSeen = true;
            found |= segment[from] != '\r' && segment[from] != '\n';
        }
    }

    /** The bytes [from, to) follow the parser's error behind a local reply. A lenient recipient skips the refused line. */
    void afterError(byte[] segment, int from, int to) {
        long left = frame.bodyBehindError();
        int at = from;
        while (at < to && !refusedLineOver) {
            refusedLineOver = segment[at++] == '\n';
        }
        found |= left < 0 || (left > 0 && at < to);
    }

    /** The outcome of a response that the client got to its end. */
    Outcome outcome() {
        return found || frame.strayBytes() ? Outcome.DAMAGED : Outcome.PASSES;
    }
}
