// SPDX-License-Identifier: Apache-2.0
package upstreamreset.inspect;

import upstreamreset.http1.RequestReader;
import upstreamreset.tcp.Direction;
import upstreamreset.tcp.Endpoints;
import upstreamreset.tcp.StreamListener;

/** Follows one connection: which protocol it carries, its requests, its end; and has its responses paired and judged. */
final class ConnectionInspector implements StreamListener {
    private static final long EMPTY_BYTES = 700;

    private final Inspection inspection;
    private final boolean fromItsStart;
    private final RequestReader requests;
    private final ConnectionClose close = new ConnectionClose();
    private final ResponsePairing responses;
    private ClientProtocol protocol = ClientProtocol.UNKNOWN;
    private long lastNanos;

    ConnectionInspector(Inspection inspection, int stream, boolean fromItsStart, Endpoints endpoints) {
        this.inspection = inspection;
        this.requests = new RequestReader(inspection.requestHead());
        this.fromItsStart = fromItsStart;
        this.responses = new ResponsePairing(inspection, stream, endpoints, close, !fromItsStart);
    }

    @Override
    public void data(Direction direction, byte[] bytes, int offset, int length, long nanos) {
        switch (direction) {
            case TO_SERVER -> fromClient(bytes, offset, offset + length, nanos);
            case TO_CLIENT -> fromServer(bytes, offset, offset + length, nanos);
        }
    }

    private void fromClient(byte[] bytes, int from, int to, long nanos) {
        if (protocol == ClientProtocol.UNKNOWN && (fromItsStart || RequestReader.beginsWithMethod(bytes, from, to))) {
            protocol = ClientProtocol.of(bytes, from, to);
        }
        if (protocol != ClientProtocol.HTTP1) {
            return;
        }
        for (int at = from; at < to; ) {
            at += requests.feed(bytes, at, to);
            var head = requests.head();
            if (head.isPresent()) {
                responses.requested(SeenRequest.of(head.get(), nanos), lastNanos);
                followTunnel();
            }
        }
        lastNanos = nanos;
    }

    private void fromServer(byte[] bytes, int from, int to, long nanos) {
        if (protocol == ClientProtocol.HTTP1 || protocol == ClientProtocol.UNKNOWN) {
            responses.responded(bytes, from, to, nanos);
            followTunnel();
        }
        lastNanos = nanos;
        if (responses.requestsNotCaptured()) {
            protocol = ClientProtocol.HTTP1;
        }
    }

    private void followTunnel() {
        if (responses.tunnel()) {
            requests.tunnel();
        }
    }

    @Override
    public void gap(Direction direction, long length, long nanos) {
        switch (direction) {
            case TO_SERVER -> requests.gap(length);
            case TO_CLIENT -> responses.missing(length);
        }
    }

    @Override
    public void fin(Direction direction, long nanos) {
        boolean first = direction == Direction.TO_CLIENT && !close.byServer().bySender();
        close.ended(direction, false, nanos);
        if (first) {
            responses.serverFinished();
        }
    }

    @Override
    public void reset(Direction direction, long nanos) {
        close.ended(direction, true, nanos);
    }

    @Override
    public void end() {
        end("the capture ends before the response does: judged as far as it goes");
    }

    @Override
    public void givenUp() {
        end("the connection was given up to stay within memory: judged as far as it was seen");
    }

    private void end(String why) {
        responses.end(why);
        inspection.spoke(responses.requestsNotCaptured() ? ClientProtocol.HTTP1 : protocol);
    }

    @Override
    public long held() {
        return EMPTY_BYTES + requests.held() + responses.held();
    }
}
