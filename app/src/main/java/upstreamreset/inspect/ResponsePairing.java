// SPDX-License-Identifier: Apache-2.0
package upstreamreset.inspect;

import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import upstreamreset.http1.CloseReason;
import upstreamreset.protocol.Recognition;
import upstreamreset.tcp.Arrival;
import upstreamreset.tcp.Endpoints;
import upstreamreset.verdict.Finding;

/**
 * Pairs the responses on one connection with its requests (RFC 9112 §9.3.2): in order, and, if bytes are missing, by
 * sequence and acknowledgement numbers. Bytes that come before their request wait for it; a response is judged once the
 * bytes after it are known.
 */
final class ResponsePairing {
    /** The memory that one response may use while it is read: no server sends hundreds of long interim heads. */
    private static final long MAX_RESPONSE_BYTES = 1 << 22;

    private static final String ORPHAN = "its request is missing from the capture, so the response's length is unknown";

    private final Inspection inspection;
    private final ConnectionClose close;
    private final ResponseJudge judge;
    private final AnswerOrder order;
    private final UnfinishedRequest unfinished = new UnfinishedRequest();
    private boolean sawHttp;
    private @Nullable EarlyBytes early;
    private @Nullable ResponseTrack current;
    private @Nullable Duration idle;
    /** Whether the last response was whole. */
    private boolean exchanged;

    /** When the last byte came that belongs to an exchange. */
    private long active;

    private long position;

    /** {@code position} is the position of the server's first byte. */
    ResponsePairing(
            Inspection inspection,
            int stream,
            Endpoints endpoints,
            ConnectionClose close,
            boolean fromItsStart,
            long position) {
        this.inspection = inspection;
        this.close = close;
        this.judge = new ResponseJudge(inspection, stream, endpoints, close);
        this.order = new AnswerOrder(fromItsStart);
        this.position = position;
    }

    /** Whether a request, or a response without one, has come. */
    boolean sawHttp() {
        return sawHttp;
    }

    /** The position of the server's next byte. */
    long position() {
        return position;
    }

    /** Whether the last response has opened a tunnel. */
    boolean tunnel() {
        return current != null && current.tunnel();
    }

    /** Whether the last response has opened the tunnel that CONNECT asked for. */
    boolean connected() {
        return current != null && current.connected();
    }

    /** The request that asked for the upgrade to HTTP/2 which the last response has made; else null. */
    @Nullable
    SeenRequest upgradedToHttp2() {
        return current == null ? null : current.upgradedToHttp2();
    }

    /** How many bytes are in the last response's tunnel. */
    long tunnelled() {
        return current == null ? 0 : current.tunnelled();
    }

    /** Knows what of the client's has no answer yet. */
    AnswerOrder order() {
        return order;
    }

    /** The client speaks another protocol: how many responses answer that is not known. */
    void unreadable(long nanos, Misdirected how, Optional<Finding> finding) {
        sawHttp = true;
        order.unseen(SeenRequest.unknown(nanos));
        judge.misdirected(how, finding);
    }

    /** The client's bytes that may belong to the next request. */
    UnfinishedRequest unfinishedRequest() {
        return unfinished;
    }

    /** About how much memory it takes, in bytes. */
    long held() {
        return order.held() + (early == null ? 0 : early.bytes().length) + (current == null ? 0 : current.held());
    }

    /**
     * A request whose head is whole. Its first byte came at {@code begun}, and before it the connection carried nothing since
     * {@code quietSince}.
     */
    void requested(SeenRequest request, long quietSince, long begun) {
        sawHttp = true;
        if (unfinished.wasAnswered()) {
            return;
        }
        var bytes = early;
        early = null;
        long since = quietSince;
        if (bytes != null && !bytes.mayAnswer(request)) {
            if (!idleTimeOut(bytes)) {
                unclaimed(bytes);
            } else if (active > 0) {
                since = active; // what the server said to end it was no exchange
            }
            bytes = null;
        }
        if (order.isEmpty() && answered()) {
            idle = Duration.ofNanos(Math.max(0, begun - since));
        }
        order.add(request, position);
        active = request.nanos();
        if (bytes != null) {
            pairEarly(bytes);
        }
    }

    /** Whether every request that came has its whole response. */
    boolean answeredAll() {
        return order.isEmpty() && current != null && current.complete();
    }

    /** Whether a whole exchange came before, and nothing is left of it: then the connection is idle. */
    private boolean answered() {
        return current == null ? exchanged : current.complete();
    }

    /** No request asked for them: they belong to the response before, or to a request that was not captured. */
    private void unclaimed(EarlyBytes bytes) {
        if (current != null) {
            current.surplus(bytes.bytes());
        } else if (bytes.beginAsResponse()) {
            order.unseen(SeenRequest.unknown(bytes.nanos()));
            pairEarly(bytes);
        }
    }

    /** They are the response to the request that has come, or belong to none. */
    private void pairEarly(EarlyBytes bytes) {
        if (bytes.beginAsResponse() || current == null) {
            pair(bytes.bytes(), 0, bytes.bytes().length, bytes.position(), bytes.nanos(), Arrival.UNKNOWN);
        } else {
            unclaimed(bytes);
        }
    }

    /** The server's next bytes. */
    void responded(byte[] bytes, int from, int to, Arrival arrival) {
        position = Math.max(position, arrival.offset());
        order.heard(position, arrival.acknowledged());
        pair(bytes, from, to, position, arrival.nanos(), arrival.acknowledged());
        position += to - from;
        var track = current;
        if (track != null && track.held() > MAX_RESPONSE_BYTES) {
            cut(track, "the response's heads exceed the limit: judged on the part within it");
        }
    }

    /** Bytes of the server's were sent again. */
    void again(byte[] bytes, int from, int length, long at) {
        if (current != null) {
            current.again(bytes, from, length, at);
        }
    }

    /** {@code at} is where {@code from} is in what the server sent, when it had {@code received} bytes of the client's. */
    private void pair(byte[] bytes, int from, int to, long at, long nanos, long received) {
        if (order.lost()) {
            if (!Recognition.beginsAsResponse(bytes, from, to)) {
                return;
            }
            order.begins();
        } else if (endsBefore(bytes, from, to, at, received)) {
            cut(Objects.requireNonNull(current), ORPHAN);
            order.begins();
        }
        int next = from;
        while (next < to) {
            var track = current;
            if (track == null || track.complete() || track.lacksBody(bytes, next, to)) {
                var request = claim(bytes, next, to, at + next - from, nanos, received);
                if (request == null) {
                    return;
                }
                conclude(CloseReason.OPEN);
                track = begin(request, at + next - from, nanos, judge.cleanIsEnough());
                current = track;
                sawHttp = true;
            }
            next += track.feed(bytes, next, to);
            active = nanos;
        }
    }

    /**
     * Whether the client sent its next request when it had exactly this much of a response without a known request:
     * then that is the whole response.
     */
    private boolean endsBefore(byte[] bytes, int from, int to, long at, long received) {
        return current != null
                && !current.complete()
                && current.orphan()
                && Recognition.beginsAsResponse(bytes, from, to)
                && order.provesBegin(at, received);
    }

    /** The request that the bytes from {@code next} on answer; null if they begin no response, and then they are dealt with. */
    private @Nullable SeenRequest claim(byte[] bytes, int next, int to, long at, long nanos, long received) {
        var request = order.answered(at, received);
        if (request != null) {
            return request;
        }
        boolean response = Recognition.beginsAsResponse(bytes, next, to);
        if (order.certain()) {
            return unasked(bytes, next, to, at, nanos, received, response);
        }
        if (response || Recognition.mayBeginAsResponse(bytes, next, to)) {
            return SeenRequest.unknown(nanos);
        }
        if (current != null && order.allOfServer()) {
            int begin = Recognition.nextResponse(bytes, next, to);
            int end = begin == next ? to : begin;
            current.surplus(Arrays.copyOfRange(bytes, next, end));
            pair(bytes, end, to, at + end - next, nanos, received);
        } else {
            order.lose();
        }
        return null;
    }

    /** As far as the capture shows, no request exists for the bytes from {@code next} on. */
    private @Nullable SeenRequest unasked(
            byte[] bytes, int next, int to, long at, long nanos, long received, boolean response) {
        if (response && current != null && order.refuted()) {
            current.disown();
            return SeenRequest.unknown(nanos);
        }
        if (!order.isEmpty()) {
            var unclaimed = new EarlyBytes(at, nanos, received);
            unclaimed.add(bytes, next, to);
            unclaimed(unclaimed);
            return null;
        }
        if (early == null && unfinished.isAnsweredBy(bytes, next, to, received)) {
            sawHttp = true;
            return unfinished.answer(nanos);
        }
        keepEarly(bytes, next, to, at, nanos, received);
        return null;
    }

    private ResponseTrack begin(SeenRequest request, long at, long nanos, boolean cleanIsEnough) {
        return new ResponseTrack(inspection, request, idleBefore(), at, nanos, cleanIsEnough);
    }

    /** How long the connection was idle before the request that is dealt with now: said once. */
    private Optional<Duration> idleBefore() {
        var before = Optional.ofNullable(idle);
        idle = null;
        return before;
    }

    private void keepEarly(byte[] bytes, int from, int to, long at, long nanos, long received) {
        boolean more = early != null;
        if (more && !sawHttp && Recognition.beginsAsResponse(bytes, from, to)) {
            claimEarly();
            pair(bytes, from, to, at, nanos, received);
            return;
        }
        var kept = early == null ? new EarlyBytes(at, nanos, received) : early;
        early = kept;
        kept.add(bytes, from, to);
        if ((more && !sawHttp) || kept.isFull()) {
            claimEarly();
        }
    }

    /** No request will claim the early bytes: the client's side was not captured, or has not asked. */
    private void claimEarly() {
        var bytes = early;
        early = null;
        if (bytes == null || idleTimeOut(bytes)) {
            return;
        }
        if (!sawHttp && bytes.beginAsResponse()) {
            order.unseen(SeenRequest.unknown(bytes.nanos()));
            pairEarly(bytes);
        } else {
            unclaimed(bytes);
        }
    }

    /** Whether the server ended an idle connection with these bytes. */
    private boolean idleTimeOut(EarlyBytes bytes) {
        boolean neverAsked = current == null && !exchanged && bytes.sayThatNothingWasAsked();
        boolean idles = current != null && sawHttp && answered() && bytes.endIdle(active);
        if (order.lost() || !(neverAsked || idles)) {
            return false;
        }
        conclude(CloseReason.OPEN);
        sawHttp = true;
        var track = begin(SeenRequest.unknown(bytes.nanos()), bytes.position(), bytes.nanos(), false);
        track.endsIdleConnection(neverAsked ? Optional.empty() : Optional.of(bytes.nanos() - active));
        track.feed(bytes.bytes(), 0, bytes.bytes().length);
        current = track;
        return true;
    }

    /** {@code length} of the server's bytes are not in the capture; 0 if their number is unknown. */
    void missing(long length) {
        claimEarly();
        position += length;
        var track = current;
        if (track == null || track.complete()) {
            order.lose();
        } else if (track.orphan() && (track.mayLackBody() || order.provesBegin(position - length, Long.MAX_VALUE))) {
            cut(track, ORPHAN);
        } else if (track.skip(length) < Math.max(1, length)) {
            conclude(CloseReason.OPEN);
            order.lose();
        }
    }

    private void cut(ResponseTrack track, String why) {
        track.seenInPart(why);
        conclude(CloseReason.OPEN);
        order.lose();
    }

    /** The server has sent FIN: nothing can come after a clean response any more. */
    void serverFinished() {
        if (current != null && current.clean() && early == null) {
            conclude(close.byServer());
        }
    }

    /** The response before the next one, or the last one, is over. */
    private void conclude(CloseReason end) {
        var track = current;
        current = null;
        if (track != null) {
            exchanged = track.complete();
            judge.over(track, end);
        }
    }

    /** Nothing has come for a while: tells of the response that is complete, and of what the server has left by its end. */
    void quiet() {
        if (close.serverDone()) {
            end("");
            order.clear();
            return;
        }
        var track = current;
        if (track != null && track.complete() && early == null) {
            judge.complete(track);
        }
    }

    /** Nothing more is known of the connection; {@code why} is the reason if neither side ended it. */
    void end(String why) {
        claimEarly();
        var track = current;
        if (track != null && !track.complete()) {
            if (close.open()) {
                track.seenInPart(why);
            } else if (close.clientFirst()) {
                track.leftByClient(close.underTheResponse());
            }
        }
        conclude(close.byServer());
        var request = order.unanswered();
        if (request != null) {
            judge.unanswered(request, idleBefore(), position, order.waiting());
        }
    }
}
