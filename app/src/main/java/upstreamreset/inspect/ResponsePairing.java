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
 * Pairs the responses on one connection with its requests, in order (RFC 9112 §9.3.2). Bytes that come before their request
 * wait for it; a response is judged when it is known what came after it.
 */
final class ResponsePairing {
    /** What one response may keep while it is read: no server sends hundreds of long interim heads. */
    private static final long MAX_RESPONSE_BYTES = 1 << 22;

    private static final long MIN_IDLE_NANOS = 1_000_000_000L;

    /** A client that leaves sooner says nothing about the server: no time-out is that short. */
    private static final long MIN_PATIENCE_NANOS = 100_000_000L;

    /** The same where the server may still answer: the client has only said that it sends no more. */
    private static final long MIN_HALF_CLOSED_NANOS = 1_000_000_000L;

    private final Inspection inspection;
    private final int stream;
    private final Endpoints endpoints;
    private final ConnectionClose close;
    private final WaitingRequests waiting = new WaitingRequests();
    private Requests requests = Requests.NONE_SEEN;
    private boolean lost;
    private boolean unsure;
    private boolean orphan;
    private @Nullable EarlyBytes early;
    private @Nullable ResponseTrack current;
    private @Nullable Duration idle;
    /** Whether the last response was whole. */
    private boolean exchanged;

    private final UnfinishedRequest unfinished = new UnfinishedRequest();

    /** When the last byte came that belongs to an exchange. */
    private long active;

    private long position;
    private Misdirected misdirected = Misdirected.NOT;
    private Optional<Finding> misdirection = Optional.empty();

    private enum Requests {
        NONE_SEEN,
        SEEN,
        /** The server's bytes are responses, and nothing that could be their requests was captured. */
        NOT_CAPTURED
    }

    /**
     * {@code lost} says that the connection was not seen from its start: where a response begins is not known; {@code position} is
     * where the server's first byte is in what it sends.
     */
    ResponsePairing(
            Inspection inspection,
            int stream,
            Endpoints endpoints,
            ConnectionClose close,
            boolean lost,
            long position) {
        this.inspection = inspection;
        this.stream = stream;
        this.endpoints = endpoints;
        this.close = close;
        this.lost = lost;
        this.position = position;
        this.unsure = lost;
    }

    /** Something was lost or not understood: from now on, what answers what is decided by sequence and acknowledgement. */
    void unsure() {
        unsure = true;
    }

    /** Whether a request, or a response without one, has come. */
    boolean sawHttp() {
        return requests != Requests.NONE_SEEN;
    }

    /** Where the server's next byte is in what it sends. */
    long position() {
        return position;
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

    /** A request that nobody can read, and perhaps several: how many responses answer it is not known. */
    void unreadable(SeenRequest request, Misdirected how, Optional<Finding> finding) {
        requests = Requests.NOT_CAPTURED;
        waiting.add(request);
        misdirected = how;
        misdirection = finding;
    }

    /** What the client may have sent of the next request. */
    UnfinishedRequest unfinishedRequest() {
        return unfinished;
    }

    /** Whether the last response has opened a tunnel. */
    boolean tunnel() {
        return current != null && current.tunnel();
    }

    /** About how much memory it takes, in bytes. */
    long held() {
        return waiting.held() + (early == null ? 0 : early.bytes().length) + (current == null ? 0 : current.held());
    }

    /**
     * A request whose head is whole. Its first byte came at {@code begun}, and before it the connection carried nothing since
     * {@code quietSince}.
     */
    void requested(SeenRequest request, long quietSince, long begun) {
        if (requests == Requests.NONE_SEEN) {
            requests = Requests.SEEN;
        }
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
        if (!waiting.isFull()) {
            if (waiting.isEmpty() && answered()) {
                idle = Duration.ofNanos(Math.max(0, begun - since));
            }
            waiting.add(request);
        }
        active = request.nanos();
        if (bytes != null) {
            pairEarly(bytes);
        }
    }

    /** Whether a whole exchange came before, and nothing is left of it: then the connection is idle. */
    private boolean answered() {
        return current == null ? exchanged : current.complete();
    }

    private void unclaimed(EarlyBytes bytes) {
        unclaimed(bytes.bytes(), bytes.position(), bytes.nanos());
    }

    /** No request asked for them: they belong to the response before, or to a request that was not captured. */
    private void unclaimed(byte[] bytes, long at, long nanos) {
        var track = current;
        if (!unsure && track != null) {
            track.surplus(bytes);
        } else if ((unsure || track == null) && Recognition.beginsAsResponse(bytes, 0, bytes.length)) {
            lost = false;
            startOrphan(at, nanos).feed(bytes, 0, bytes.length);
        }
    }

    private ResponseTrack startOrphan(long at, long nanos) {
        conclude(CloseReason.OPEN);
        orphan = true;
        var track = begin(SeenRequest.unknown(nanos), at, nanos, inspection.cleanIsEnough());
        current = track;
        return track;
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
        pair(bytes, from, to, position, arrival.nanos(), arrival.acknowledged());
        position += to - from;
        var track = current;
        if (track != null && track.held() > MAX_RESPONSE_BYTES) {
            cut(track, "the response has more in its heads than is kept: judged as far as that");
        }
    }

    /** {@code at} is where {@code from} is in what the server sent. */
    private void pair(byte[] bytes, int from, int to, long at, long nanos, long received) {
        if (lost) {
            if (!Recognition.beginsAsResponse(bytes, from, to)) {
                return;
            }
            if (received == Arrival.UNKNOWN) {
                waiting.keepNewest();
            } else if (requests == Requests.SEEN && !waiting.answeredAt(at)) {
                return;
            }
            lost = false;
        } else if (orphan && unsure && unfinished() && waiting.answeredAt(at)) {
            cut(Objects.requireNonNull(current), "its request is not in the capture: how long it is, is not known");
            lost = false;
        }
        int next = from;
        while (next < to) {
            var track = current;
            if (track == null || track.complete() || withoutBody(track, bytes, next, to)) {
                var request = answered(at + next - from, received);
                if (request == null && requests == Requests.NOT_CAPTURED) {
                    int end = track == null ? next : Recognition.nextResponse(bytes, next, to);
                    if (track != null && end > next) {
                        track.surplus(Arrays.copyOfRange(bytes, next, end));
                        next = end;
                        continue;
                    }
                    request = SeenRequest.unknown(nanos);
                } else if (request == null
                        && !unsure
                        && early == null
                        && waiting.isEmpty()
                        && unfinished.isAnsweredBy(bytes, next, to, received)) {
                    request = unfinished.answer(nanos);
                    requests = Requests.SEEN;
                } else if (request == null && requests == Requests.SEEN && (unsure || !waiting.isEmpty())) {
                    unclaimed(Arrays.copyOfRange(bytes, next, to), at + next - from, nanos);
                    return;
                } else if (request == null) {
                    keepEarly(bytes, next, to, at + next - from, nanos, received);
                    return;
                }
                conclude(CloseReason.OPEN);
                orphan = !request.known();
                track = begin(request, at + next - from, nanos, inspection.cleanIsEnough() && misdirection.isEmpty());
                current = track;
            }
            next += track.feed(bytes, next, to);
            active = nanos;
        }
    }

    /** Whether the next response begins where the body of this one should: its request was HEAD, although nobody saw it. */
    private static boolean withoutBody(ResponseTrack track, byte[] bytes, int from, int to) {
        return track.mayLackBody() && Recognition.beginsAsResponse(bytes, from, to);
    }

    private boolean unfinished() {
        return current != null && !current.complete();
    }

    /**
     * The request that bytes from {@code at} on answer, when the server had {@code received} bytes of the client's. While
     * nothing was lost, the one that has waited longest; after that, the newest that both numbers allow, and none of several that were
     * sent together.
     */
    private @Nullable SeenRequest answered(long at, long received) {
        SeenRequest found = null;
        boolean several = false;
        for (var next = waiting.oldest(); next != null && next.sentBefore(at); next = waiting.oldest()) {
            if (unsure && !next.receivedBy(received)) {
                break;
            }
            several = found != null && found.acknowledged() == next.acknowledged();
            found = waiting.next();
            if (!unsure || received == Arrival.UNKNOWN) {
                return found;
            }
        }
        return several ? null : found;
    }

    private ResponseTrack begin(SeenRequest request, long at, long nanos, boolean cleanIsEnough) {
        var before = Optional.ofNullable(idle);
        idle = null;
        return new ResponseTrack(inspection, request, before, at, nanos, cleanIsEnough);
    }

    private void keepEarly(byte[] bytes, int from, int to, long at, long nanos, long received) {
        boolean more = early != null;
        if (more && requests == Requests.NONE_SEEN && Recognition.beginsAsResponse(bytes, from, to)) {
            claimEarly();
            pair(bytes, from, to, at, nanos, received);
            return;
        }
        var kept = early == null ? new EarlyBytes(at, nanos, received) : early;
        early = kept;
        kept.add(bytes, from, to);
        if ((more && requests == Requests.NONE_SEEN) || kept.isFull()) {
            claimEarly();
        }
    }

    /** No request will claim the early bytes: the client's side was not captured, or has not asked. */
    private void claimEarly() {
        var bytes = early;
        early = null;
        if (bytes == null) {
            return;
        }
        if (idleTimeOut(bytes)) {
            return;
        }
        if (requests == Requests.NONE_SEEN && bytes.beginAsResponse()) {
            requests = Requests.NOT_CAPTURED;
            pairEarly(bytes);
        } else {
            unclaimed(bytes);
        }
    }

    /** Whether these bytes are how the server ended a connection on which nobody asked for anything, any more or at all. */
    private boolean idleTimeOut(EarlyBytes bytes) {
        boolean neverAsked = current == null && !exchanged && bytes.sayThatNothingWasAsked();
        if (lost || !(neverAsked || (current != null && unasked(bytes)))) {
            return false;
        }
        conclude(CloseReason.OPEN);
        requests = Requests.SEEN;
        var track = begin(SeenRequest.unknown(bytes.nanos()), bytes.position(), bytes.nanos(), false);
        track.endsIdleConnection(neverAsked ? Optional.empty() : Optional.of(bytes.nanos() - active));
        track.feed(bytes.bytes(), 0, bytes.bytes().length);
        current = track;
        return true;
    }

    /**
     * Whether a server says with these bytes that it has waited long enough for the next request: by 408 (RFC 9110 §15.5.9), or by
     * another response after some time. What comes at once belongs to the response before.
     */
    private boolean unasked(EarlyBytes bytes) {
        return requests == Requests.SEEN
                && answered()
                && bytes.beginAsResponse()
                && (bytes.begin("HTTP/1.1 408 ", "HTTP/1.0 408 ") || bytes.nanos() - active >= MIN_IDLE_NANOS);
    }

    /** {@code length} of the server's bytes are not in the capture. */
    void missing(long length) {
        position += length;
        if (length > 1) {
            unsure = true;
        }
        if (early != null) {
            claimEarly();
        }
        var track = current;
        if (track != null && !track.complete()) {
            cut(track, "%d bytes of the response are not in the capture: judged as far as they are".formatted(length));
        } else if (length > 1) {
            lost = true;
        }
    }

    private void cut(ResponseTrack track, String why) {
        track.seenInPart(why);
        conclude(CloseReason.OPEN);
        lost = true;
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
        if (track == null) {
            return;
        }
        exchanged = track.complete();
        if (track.clean()) {
            track.release();
            inspection.clean();
        } else if (track.told()) {
            if (track.changedSince()) {
                track.note("more came of it after it had been told of");
                inspection.judgedAgain(track.judged(stream, endpoints, end, close.text()));
            }
        } else {
            inspection.judged(misdirected(track.judged(stream, endpoints, end, close.text())));
        }
    }

    /** The first response to a request in another protocol says so. */
    private InspectedResponse misdirected(InspectedResponse response) {
        var finding = misdirection;
        misdirection = Optional.empty();
        return finding.isEmpty() ? response : response.misdirected(finding.get(), misdirected.verdict(response));
    }

    /** Nothing has come for a while: tells of the response that is complete, and of what the server has left by its end. */
    void quiet() {
        if (close.byServer().bySender()) {
            end("");
            waiting.clear();
            return;
        }
        var track = current;
        if (track != null && track.complete() && !track.clean() && !track.told() && early == null) {
            inspection.judged(misdirected(track.judged(stream, endpoints, CloseReason.OPEN, close.text())));
            track.tell();
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
                track.leftByClient(
                        "the client ended the connection (%s) before the response was over".formatted(close.how()));
            }
        }
        conclude(close.byServer());
        var request = waiting.next();
        if (request != null && !lost && !unsure) {
            unanswered(request);
        }
    }

    private void unanswered(SeenRequest request) {
        long wait = close.nanos() - request.nanos();
        long patience = close.halfOpen() ? MIN_HALF_CLOSED_NANOS : MIN_PATIENCE_NANOS;
        if (close.open() || (close.clientFirst() && wait < patience)) {
            inspection.unanswered(1 + waiting.size());
            return;
        }
        var note = UnansweredNote.of(close, idle, wait);
        var none = begin(request, position, close.nanos(), false);
        none.note(note);
        if (!waiting.isEmpty()) {
            none.note("%d more requests behind it were not answered either".formatted(waiting.size()));
        }
        inspection.judged(none.judged(
                stream, endpoints, close.clientFirst() ? CloseReason.OPEN : close.byServer(), close.text()));
    }
}
