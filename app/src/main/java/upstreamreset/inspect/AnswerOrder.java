// SPDX-License-Identifier: Apache-2.0
package upstreamreset.inspect;

import org.jspecify.annotations.Nullable;

/**
 * Decides which request a response answers. As long as no bytes are missing, their order decides. After missing bytes,
 * a mid-stream start or unreadable bytes, the response to a request begins at exactly the byte that the client had
 * acknowledged when it sent the request; until one is found, it is unknown which requests are already answered.
 */
final class AnswerOrder {
    private final WaitingRequests waiting = new WaitingRequests();
    private Place place;
    /** Whether the client has sent a request while an answer was still to come, other than several requests at once. */
    private boolean staggered;
    /** Whether bytes of the client's are missing. */
    private boolean missed;
    /** Whether a response has been paired with a request. */
    private boolean paired;
    /** Whether the last pair is right only if no request was sent before it that was not captured. */
    private boolean assumed;

    /** The known facts about the position of the server's next bytes. */
    private enum Place {
        /** The next response answers the request that has waited longest. */
        IN_ORDER,
        /** A response begins next; which request it answers is not known. */
        BETWEEN,
        /** The beginning of the next response is unknown. */
        LOST
    }

    AnswerOrder(boolean fromItsStart) {
        place = fromItsStart ? Place.IN_ORDER : Place.LOST;
        paired = fromItsStart;
    }

    /** A request comes when the server has sent {@code sent} bytes. */
    void add(SeenRequest request, long sent) {
        var oldest = waiting.oldest();
        staggered |= oldest != null
                && place == Place.IN_ORDER
                && oldest.known()
                && oldest.answeredBefore(request.acknowledged())
                && request.sentBefore(sent);
        waiting.add(request);
    }

    /** The client has sent what cannot be read, or what of it a capture of the server alone lacks: perhaps requests. */
    void unseen(SeenRequest unseen) {
        waiting.add(unseen);
    }

    /** The same where bytes are missing between others of the client's. */
    void missed(SeenRequest unseen) {
        missed = true;
        waiting.add(unseen);
    }

    /** Whether nothing waits for an answer. */
    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** How many requests wait for one. */
    int waiting() {
        return waiting.known();
    }

    /** About how much memory they take, in bytes. */
    long held() {
        return waiting.held();
    }

    /** The server sent its bytes from {@code at} on when it had {@code received} bytes of the client's. */
    void heard(long at, long received) {
        waiting.heard(at, received);
    }

    boolean lost() {
        return place == Place.LOST;
    }

    /** Bytes of the server's are missing, or cannot be read, which may be the end of a response or whole ones. */
    void lose() {
        place = Place.LOST;
    }

    /** A response begins, and no more is known. */
    void begins() {
        place = Place.BETWEEN;
    }

    /** Whether the client asked for the bytes from {@code at} on when it had exactly those before. */
    boolean provesBegin(long at, long received) {
        return waiting.answeredAt(at, received) != null;
    }

    /** Whether it is certain which request, if any, the next bytes answer. */
    boolean certain() {
        var oldest = waiting.oldest();
        return place == Place.IN_ORDER && (oldest == null || oldest.known());
    }

    /** Whether all that the server sent is there, so that what begins no response follows one. */
    boolean allOfServer() {
        return place == Place.IN_ORDER && !missed;
    }

    /** An unrequested response begins: whether it shows that the last pairing was wrong. */
    boolean refuted() {
        boolean was = assumed;
        assumed = false;
        if (was) {
            place = Place.BETWEEN;
        }
        return was;
    }

    /** The request that bytes from {@code at} on answer, when the server had {@code received} bytes of the client's: it waits no longer. */
    @Nullable
    SeenRequest answered(long at, long received) {
        var oldest = waiting.oldest();
        if (oldest == null) {
            return null;
        }
        if (place == Place.IN_ORDER && oldest.known()) {
            if (!oldest.sentBefore(at)) {
                return null;
            }
            assumed = false;
            return waiting.next();
        }
        var proven = staggered ? null : waiting.answeredAt(at, received);
        if (proven != null) {
            assumed = !paired;
        } else if (place != Place.IN_ORDER && waiting.isOneRequest() && oldest.allows(at, received)) {
            proven = oldest;
            assumed = true;
        }
        if (proven == null || (assumed && waiting.severalSentAt(proven.acknowledged()))) {
            return null;
        }
        paired = true;
        waiting.dropBefore(proven);
        place = Place.IN_ORDER;
        return waiting.next();
    }

    /** The request that has no answer when nothing more will come; null if that is not certain. It waits no longer. */
    @Nullable
    SeenRequest unanswered() {
        var request = waiting.next();
        return request != null && request.known() && place == Place.IN_ORDER ? request : null;
    }

    void clear() {
        waiting.clear();
    }
}
