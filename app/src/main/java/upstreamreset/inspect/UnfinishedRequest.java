// SPDX-License-Identifier: Apache-2.0
package upstreamreset.inspect;

import upstreamreset.protocol.Recognition;

/**
 * Detects that the server answered an incomplete request: it refused a head that is too long or too slow, or bytes that
 * are not a request.
 */
final class UnfinishedRequest {
    private boolean begun;
    private long sent;
    private boolean answered;

    /** {@code begun} says that the client has sent a part of a head; {@code sent} are all of its bytes, as far as captured. */
    void begun(boolean begun, long sent) {
        this.begun = begun;
        this.sent = sent;
    }

    /**
     * Whether these bytes are its answer, from a server that had {@code received} bytes of the client's. One that has received more
     * than was captured has the whole request.
     */
    boolean isAnsweredBy(byte[] bytes, int from, int to, long received) {
        return begun && received <= sent && Recognition.beginsAsResponse(bytes, from, to);
    }

    /** It is answered; returns its known properties. */
    SeenRequest answer(long nanos) {
        begun = false;
        answered = true;
        return SeenRequest.unknown(nanos);
    }

    /** Its head is whole now; returns whether its answer came before that. */
    boolean wasAnswered() {
        boolean before = answered;
        answered = false;
        return before;
    }
}
