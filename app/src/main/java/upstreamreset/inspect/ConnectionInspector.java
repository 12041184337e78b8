// SPDX-License-Identifier: Apache-2.0
package upstreamreset.inspect;

import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import upstreamreset.http1.CloseReason;
import upstreamreset.http1.RequestReader;
import upstreamreset.tcp.Direction;
import upstreamreset.tcp.Endpoints;
import upstreamreset.tcp.StreamListener;

/**
 * Follows one connection: pairs each response with its request, in order (RFC 9112 §9.3), and says who ended the
 * connection first. A response is judged when it is known what came after it.
 */
final class ConnectionInspector implements StreamListener, RequestTrack.Listener {
    private static final byte[] NONE = {};
    private static final int MAX_HELD = 1 << 16;

    /** What a response may take while it is read: hundreds of long interim heads are no one's. */
    private static final long MAX_RESPONSE = 1 << 22;

    private static final long EMPTY_BYTES = 700;

    private final Inspection inspection;
    private final int stream;
    private final Endpoints endpoints;
    private final boolean fromItsStart;
    private final RequestTrack requests = new RequestTrack(this);
    private final WaitingRequests waiting = new WaitingRequests();
    private Protocol protocol = Protocol.UNKNOWN;
    private boolean anyRequest;
    private boolean responsesOnly;
    private boolean lost;
    private @Nullable ResponseTrack current;
    private byte[] held = NONE;
    private int heldLength;
    private long heldNanos;
    private long heldPosition;
    private long fromServer;
    private long lastNanos;
    private @Nullable Duration idle;
    private @Nullable Direction firstToEnd;
    private boolean firstByReset;
    private long firstEndNanos;
    private CloseReason serverEnd = CloseReason.OPEN;
    private long counted;

    ConnectionInspector(Inspection inspection, int stream, boolean fromItsStart, Endpoints endpoints) {
        this.inspection = inspection;
        this.stream = stream;
        this.fromItsStart = fromItsStart;
        this.endpoints = endpoints;
        this.lost = !fromItsStart;
    }

    @Override
    public void data(Direction direction, byte[] bytes, int offset, int length, long nanos) {
        switch (direction) {
            case TO_SERVER -> {
                if (protocol == Protocol.UNKNOWN
                        && (fromItsStart || RequestReader.beginsWithMethod(bytes, offset, offset + length))) {
                    protocol = Protocol.ofClient(bytes, offset, offset + length);
                }
                if (protocol == Protocol.HTTP1) {
                    requests.data(bytes, offset, length, nanos);
                    lastNanos = nanos;
                }
            }
            case TO_CLIENT -> {
                fromClientsView(bytes, offset, offset + length, nanos);
                fromServer += length;
                lastNanos = nanos;
                var track = current;
                if (track != null && track.held() > MAX_RESPONSE) {
                    track.seenInPart("the response has more in its heads than is kept: judged as far as that");
                    conclude(CloseReason.OPEN);
                    lost = true;
                }
            }
        }
        count(held());
    }

    private long held() {
        var track = current;
        return EMPTY_BYTES + requests.held() + held.length + waiting.held() + (track == null ? 0 : track.held());
    }

    private void count(long now) {
        inspection.holds(now - counted);
        counted = now;
    }

    private void fromClientsView(byte[] bytes, int from, int to, long nanos) {
        switch (protocol) {
            case HTTP2, TLS, OTHER -> {}
            case HTTP1, UNKNOWN -> responses(bytes, from, to, fromServer, nanos);
        }
    }

    @Override
    public void heard(SeenRequest request) {
        anyRequest = true;
        if (!waiting.isFull()) {
            if (waiting.isEmpty() && lastNanos > 0 && (current == null || current.complete())) {
                idle = Duration.ofNanos(Math.max(0, request.nanos() - lastNanos));
            }
            waiting.add(request);
        }
        if (heldLength > 0) {
            release();
        }
    }

    /** Bytes that had come before their request did, as captured: they are its response, or belong to none. */
    private void release() {
        var bytes = held;
        int length = heldLength;
        heldLength = 0;
        held = NONE;
        if (Protocol.beginsAsResponse(bytes, 0, length) || current == null) {
            responses(bytes, 0, length, heldPosition, heldNanos);
        } else {
            current.surplus(bytes, 0, length);
        }
    }

    /** {@code position} is where {@code from} is in what the server sent. */
    private void responses(byte[] bytes, int from, int to, long position, long nanos) {
        if (lost) {
            if (!Protocol.beginsAsResponse(bytes, from, to)) {
                return;
            }
            lost = false;
            waiting.keepNewest();
        }
        int at = from;
        while (at < to) {
            var track = current;
            if (track == null || track.complete()) {
                var request = waiting.next();
                if (request == null && responsesOnly) {
                    request = SeenRequest.unknown(nanos);
                } else if (request == null) {
                    hold(bytes, at, to, position + at - from, nanos);
                    return;
                }
                conclude(CloseReason.OPEN);
                track = new ResponseTrack(
                        request,
                        Optional.ofNullable(idle),
                        position + at - from,
                        nanos,
                        inspection.envoyVersion(),
                        inspection.plainIsEnough(),
                        inspection.buffers());
                idle = null;
                current = track;
            }
            at += track.feed(bytes, at, to);
            if (track.tunnel()) {
                requests.tunnel();
            }
        }
    }

    /** {@code position} is where {@code from} is in what the server sent. */
    private void hold(byte[] bytes, int from, int to, long position, long nanos) {
        boolean again = heldLength > 0;
        int length = Math.min(to - from, MAX_HELD - heldLength);
        if (!again) {
            heldNanos = nanos;
            heldPosition = position;
        }
        held = Arrays.copyOf(held, heldLength + length);
        System.arraycopy(bytes, from, held, heldLength, length);
        heldLength += length;
        if ((again && !anyRequest) || heldLength == MAX_HELD) {
            claimHeld();
        }
    }

    /** No request will claim what is held: the client's side was not captured, or nobody had asked. */
    private void claimHeld() {
        if (heldLength == 0) {
            return;
        }
        if (!anyRequest && Protocol.beginsAsResponse(held, 0, heldLength)) {
            protocol = Protocol.HTTP1;
            responsesOnly = true;
            release();
        } else if (current != null) {
            current.surplus(held, 0, heldLength);
        }
        held = NONE;
        heldLength = 0;
    }

    /** The response before the next one, or the last one, is over. */
    private void conclude(CloseReason end) {
        var track = current;
        current = null;
        if (track == null) {
            return;
        }
        if (track.plain()) {
            track.release();
            inspection.plain();
        } else {
            inspection.judged(track.judged(stream, endpoints, end, closedBy()));
        }
    }

    @Override
    public void gap(Direction direction, long length, long nanos) {
        switch (direction) {
            case TO_SERVER -> requests.gap(length);
            case TO_CLIENT -> {
                fromServer += length;
                var track = current;
                if (track != null && !track.complete()) {
                    track.seenInPart("%d bytes of the response are not in the capture: judged as far as they are"
                            .formatted(length));
                    conclude(CloseReason.OPEN);
                    lost = true;
                } else if (length > 1) {
                    lost = true;
                }
            }
        }
    }

    @Override
    public void fin(Direction direction, long nanos) {
        ended(direction, false, nanos);
    }

    @Override
    public void reset(Direction direction, long nanos) {
        ended(direction, true, nanos);
    }

    private void ended(Direction direction, boolean byReset, long nanos) {
        if (firstToEnd == null) {
            firstToEnd = direction;
            firstByReset = byReset;
            firstEndNanos = nanos;
        }
        if (direction == Direction.TO_CLIENT && serverEnd == CloseReason.OPEN) {
            serverEnd = byReset ? CloseReason.RST : CloseReason.FIN;
            var track = current;
            if (!byReset && track != null && track.plain() && heldLength == 0) {
                conclude(serverEnd); // nothing can come after it any more
            }
        }
    }

    private String closedBy() {
        return firstToEnd == null ? "nobody" : firstToEnd.sender() + (firstByReset ? " RST" : " FIN");
    }

    @Override
    public void end() {
        end("the capture ends before the response does: judged as far as it goes");
    }

    @Override
    public void givenUp() {
        end("the connection was given up to stay within memory: judged as far as it was seen");
    }

    /** {@code early} is why the response may be incomplete, if nobody ended the connection. */
    private void end(String early) {
        claimHeld();
        inspection.spoke(protocol);
        var track = current;
        if (track != null && !track.complete()) {
            incomplete(track, early);
        }
        conclude(serverEnd);
        var request = waiting.next();
        if (request != null && !lost) {
            unanswered(request);
        }
        count(0);
    }

    private void incomplete(ResponseTrack track, String early) {
        if (firstToEnd == null) {
            track.seenInPart(early);
        } else if (firstToEnd == Direction.TO_SERVER) {
            track.seenInPart("the client ended the connection (%s) before the response was over"
                    .formatted(firstByReset ? "RST" : "FIN"));
        }
    }

    private void unanswered(SeenRequest request) {
        if (firstToEnd == null) {
            inspection.unanswered(1 + waiting.size());
            return;
        }
        var none = new ResponseTrack(
                request,
                Optional.ofNullable(idle),
                fromServer,
                firstEndNanos,
                inspection.envoyVersion(),
                false,
                inspection.buffers());
        long wait = firstEndNanos - request.nanos();
        if (firstToEnd == Direction.TO_SERVER) {
            none.note("the client gave up after %s without an answer".formatted(seconds(wait)));
        } else if (idle != null) {
            none.note(
                    "a keep-alive race: the connection had been idle for %s, and the server ended it %s %s the request"
                            .formatted(
                                    seconds(idle.toNanos()), seconds(Math.abs(wait)), wait < 0 ? "before" : "after"));
        } else {
            none.note("the server ended the connection %s after its first request".formatted(seconds(wait)));
        }
        if (!waiting.isEmpty()) {
            none.note("%d more requests behind it were not answered either".formatted(waiting.size()));
        }
        inspection.judged(none.judged(
                stream, endpoints, firstToEnd == Direction.TO_SERVER ? CloseReason.OPEN : serverEnd, closedBy()));
    }

    private static String seconds(long nanos) {
        return "%.6f s".formatted(nanos / 1e9);
    }
}
