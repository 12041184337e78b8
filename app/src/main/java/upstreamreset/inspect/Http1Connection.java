// SPDX-License-Identifier: Apache-2.0
package upstreamreset.inspect;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import upstreamreset.http1.RequestReader;
import upstreamreset.tcp.Arrival;
import upstreamreset.tcp.Direction;
import upstreamreset.tcp.Endpoints;
import upstreamreset.tcp.StreamListener;
import upstreamreset.verdict.Finding;

/** Follows one HTTP/1 connection: reads its requests, notes its end, and has its responses paired and judged. */
final class Http1Connection implements StreamListener {
    private static final long EMPTY_BYTES = 700;
    private static final long NOWHERE = -1;

    private final RequestReader requests;
    private final ConnectionClose close = new ConnectionClose();
    private final ResponsePairing responses;
    private long lastNanos;
    /** When the last byte before the request that is being read came, in either direction, and when its first one came. */
    private long quietSince;

    private long begun;
    /** Whether it is noted that what the client sends cannot be read. */
    private boolean unread;
    /** The position of the client's next byte, and of the server's first byte that answers missing client bytes. */
    private long sent;

    private long ahead = NOWHERE;

    /** {@code serverStart} bytes of the server preceded the first one of HTTP. */
    Http1Connection(Inspection inspection, int stream, boolean fromItsStart, Endpoints endpoints, long serverStart) {
        this.requests = new RequestReader(inspection.requestHead());
        this.responses = new ResponsePairing(inspection, stream, endpoints, close, fromItsStart, serverStart);
        if (!fromItsStart) {
            requests.skip(1); // the first bytes may be in a body
        }
    }

    /** Whether a request or a response has come. */
    boolean sawHttp() {
        return responses.sawHttp();
    }

    /**
     * The client has sent bytes that are not a readable request, first at {@code nanos}; the server answers somehow.
     */
    void unreadable(long nanos, Misdirected how, Optional<Finding> finding) {
        responses.unreadable(nanos, how, finding);
    }

    /** Whether a tunnel is open whose inside may be HTTP: that of CONNECT, or of an upgrade to h2c. */
    boolean opened() {
        return responses.connected() || responses.upgradedToHttp2() != null;
    }

    /** The request that asked for the upgrade to HTTP/2 which the server has made; else null. */
    @Nullable
    SeenRequest upgradedToHttp2() {
        return responses.upgradedToHttp2();
    }

    /** How many bytes the server has sent so far on the connection. */
    long received() {
        return responses.position();
    }

    /** How many of the server's bytes are in the tunnel so far. */
    long tunnelled() {
        return responses.tunnelled();
    }

    @Override
    public void data(Direction direction, byte[] bytes, int offset, int length, Arrival arrival) {
        long nanos = arrival.nanos();
        if (direction == Direction.TO_SERVER) {
            fromClient(bytes, offset, offset + length, arrival);
            sent = arrival.offset() + length;
            ahead = NOWHERE;
        } else {
            if (ahead == NOWHERE && arrival.acknowledged() > sent) {
                ahead = arrival.offset();
                responses
                        .order()
                        .unseen(SeenRequest.unseen(arrival.nanos(), sent).answeredFrom(ahead));
            }
            responses.responded(bytes, offset, offset + length, arrival);
            followTunnel();
        }
        lastNanos = nanos;
    }

    private void fromClient(byte[] bytes, int from, int to, Arrival arrival) {
        for (int at = from; at < to; ) {
            if (requests.heldBack() && responses.answeredAll()) {
                requests.refused(bytes, at, to);
            }
            if (requests.between()) {
                quietSince = lastNanos;
                begun = arrival.nanos();
            }
            at += requests.feed(bytes, at, to);
            var head = requests.head();
            if (head.isPresent()) {
                unread = false;
                responses.requested(
                        SeenRequest.of(
                                head.get(), arrival.nanos(), arrival.offset() + at - from, arrival.acknowledged()),
                        quietSince,
                        begun);
                followTunnel();
            }
        }
        if (requests.lost() && !unread) {
            unread = true;
            responses.order().unseen(SeenRequest.unseen(arrival.nanos(), arrival.offset()));
        }
        responses
                .unfinishedRequest()
                .begun(!requests.between() && !requests.inBody() && !requests.lost(), arrival.offset() + to - from);
    }

    private void followTunnel() {
        if (responses.tunnel()) {
            requests.tunnel();
        }
    }

    @Override
    public void again(Direction direction, byte[] bytes, int offset, int length, Arrival arrival) {
        if (direction == Direction.TO_CLIENT) {
            responses.again(bytes, offset, length, arrival.offset());
        }
    }

    @Override
    public void gap(Direction direction, long length, Arrival arrival) {
        switch (direction) {
            case TO_SERVER -> {
                if (!requests.skip(length)) {
                    unread = true;
                    if (ahead == NOWHERE) {
                        responses.order().missed(SeenRequest.unseen(arrival.nanos(), sent));
                    }
                }
                sent = arrival.offset() + length;
                ahead = NOWHERE;
            }
            case TO_CLIENT -> responses.missing(length);
        }
    }

    @Override
    public void fin(Direction direction, Arrival arrival) {
        boolean first = direction == Direction.TO_CLIENT && !close.byServer().bySender();
        close.ended(direction, false, arrival.nanos());
        if (first) {
            responses.serverFinished();
        }
    }

    @Override
    public void reset(Direction direction, Arrival arrival) {
        close.ended(direction, true, arrival.nanos());
    }

    @Override
    public void quiet() {
        responses.quiet();
    }

    @Override
    public void end() {
        responses.end(ConnectionClose.CAPTURE_ENDED);
    }

    @Override
    public void givenUp() {
        responses.end(ConnectionClose.GIVEN_UP);
    }

    @Override
    public long held() {
        return EMPTY_BYTES + requests.held() + responses.held();
    }
}
