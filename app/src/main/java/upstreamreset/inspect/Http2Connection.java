// SPDX-License-Identifier: Apache-2.0
package upstreamreset.inspect;

import java.util.ArrayList;
import org.jspecify.annotations.Nullable;
import upstreamreset.codec.EnvoyHttp2;
import upstreamreset.http1.CloseReason;
import upstreamreset.http1.Rule;
import upstreamreset.http2.ErrorCode;
import upstreamreset.http2.FieldDecoder.Fields;
import upstreamreset.http2.Frame;
import upstreamreset.http2.GoAway;
import upstreamreset.http2.MessageReader;
import upstreamreset.http2.Settings;
import upstreamreset.tcp.Arrival;
import upstreamreset.tcp.Direction;
import upstreamreset.tcp.Endpoints;
import upstreamreset.tcp.StreamListener;

/**
 * Follows one connection of HTTP/2 in plain text: its streams, each with a request and a response, and its end. A fault
 * of the whole connection breaks all responses that are open then. Over 300 lines: both directions act on the same
 * streams.
 */
final class Http2Connection implements StreamListener {
    private static final long EMPTY_BYTES = 3_000;
    private static final String IN_PART = "frames of the connection are missing from the capture: judged on the rest";

    private final Inspection inspection;
    private final int connection;
    private final Endpoints endpoints;
    private final EnvoyHttp2 envoy;
    private final ConnectionClose close = new ConnectionClose();
    private final MessageReader client;
    private final MessageReader server;
    private final Http2Streams streams = new Http2Streams();
    private int lastRequest;
    private boolean clientSpoke;
    private boolean clientGap;
    private boolean serverGap;
    private boolean sawHttp;
    private @Nullable GoAway goAway;
    private long nanos;
    private long beginning;
    /** Up to where the client's bytes were read, and how many of them the server had when it sent its last ones. */
    private long clientEnd;

    private long received = Arrival.UNKNOWN;
    private final Http2Window window = new Http2Window();

    /**
     * {@code serverStart} bytes of the server preceded the first one of HTTP/2; {@code fromItsStart} says whether nothing is missing
     * before it.
     */
    Http2Connection(
            Inspection inspection, int connection, boolean fromItsStart, Endpoints endpoints, long serverStart) {
        this.inspection = inspection;
        this.connection = connection;
        this.endpoints = endpoints;
        this.envoy = new EnvoyHttp2(inspection.envoyVersion());
        var none = new Settings();
        this.client = new MessageReader(false, none, new Requests(), 0, !fromItsStart, streams::isOpen);
        this.server = new MessageReader(
                true, client.settings(), new Responses(), serverStart, !fromItsStart, streams::isOpen);
    }

    /** The request that asked in HTTP/1.1 for the upgrade is the first stream's (RFC 7540 §3.2). */
    void upgraded(SeenRequest request) {
        var exchange = streams.open(1, nanos);
        if (exchange != null) {
            exchange.upgraded(request);
        }
        lastRequest = 1;
        sawHttp = true;
    }

    /** Whether a request or a response has come. */
    boolean sawHttp() {
        return sawHttp;
    }

    @Override
    public void data(Direction direction, byte[] bytes, int offset, int length, Arrival arrival) {
        nanos = arrival.nanos();
        if (direction == Direction.TO_SERVER) {
            clientSpoke |= length > 0;
            clientEnd = arrival.offset() + length;
            client.feed(bytes, offset, offset + length);
        } else {
            received = arrival.acknowledged();
            server.feed(bytes, offset, offset + length);
        }
    }

    @Override
    public void gap(Direction direction, long length, Arrival arrival) {
        if (direction == Direction.TO_SERVER) {
            clientGap |= length != 1;
            client.gap(length);
        } else {
            serverGap |= length != 1;
            server.gap(length);
        }
    }

    @Override
    public void fin(Direction direction, Arrival arrival) {
        close.ended(direction, false, arrival.nanos());
    }

    @Override
    public void reset(Direction direction, Arrival arrival) {
        close.ended(direction, true, arrival.nanos());
    }

    @Override
    public void end() {
        end(ConnectionClose.CAPTURE_ENDED);
    }

    @Override
    public void givenUp() {
        end(ConnectionClose.GIVEN_UP);
    }

    private void end(String why) {
        int unanswered = 0;
        for (var exchange : streams.all()) {
            var response = exchange.response();
            if (!response.ended() && !response.faulty()) {
                exchange.unfinished(
                        server.inPart() || serverGap ? IN_PART : close.open() ? why : "", close, server.position());
                if (goAway != null && response.faulty()) {
                    exchange.note("the server had said " + goAway.text());
                }
            }
            if (response.isEmpty() && exchange.requested() && !response.faulty()) {
                unanswered++;
                streams.close(exchange);
            } else {
                conclude(exchange);
            }
        }
        inspection.unanswered(unanswered);
        if (client.inPart() || server.inPart() || streams.dropped()) {
            inspection.followedInPart();
        }
    }

    private void conclude(Http2Exchange exchange) {
        streams.close(exchange);
        inspection.judged(exchange.judged(
                envoy,
                connection,
                endpoints,
                exchange.response().ended() ? CloseReason.OPEN : close.byServer(),
                close.text()));
    }

    /** A response that is over is judged as soon as its request is known, or cannot be. */
    private void concludeIfOver(Http2Exchange exchange) {
        if (exchange.response().ended() && (exchange.requested() || !clientSpoke || client.inPart() || clientGap)) {
            conclude(exchange);
        }
    }

    @Override
    public long held() {
        return EMPTY_BYTES + client.held() + server.held() + streams.held();
    }

    /** The client's bytes. */
    private final class Requests implements MessageReader.Handler {
        @Override
        public void begun(Frame frame) {
            beginning = nanos;
        }

        @Override
        public void fields(Frame first, int bytes, Fields fields) {
            request(first.stream(), fields);
        }

        @Override
        public void fieldsMissing(Frame first) {
            request(first.stream(), new Fields(new ArrayList<>(), 0, 1, 0, -1));
        }

        /** The stream's first block is its request, another one has trailers. */
        private void request(int stream, Fields fields) {
            sawHttp = true;
            lastRequest = Math.max(lastRequest, stream);
            var exchange = streams.get(stream);
            if (exchange == null && !streams.isClosed(stream)) {
                exchange = streams.open(stream, nanos);
            }
            if (exchange == null || exchange.requested()) {
                return;
            }
            exchange.requested(fields, beginning);
            var last = goAway;
            if (last != null && stream > last.last()) {
                exchange.response().refused(last);
                conclude(exchange);
            } else {
                concludeIfOver(exchange);
            }
        }

        @Override
        public void data(Frame frame, int length) {
            window.used(frame.length());
            var exchange = streams.get(frame.stream());
            if (exchange != null) {
                exchange.window().used(frame.length());
            }
        }

        @Override
        public void reset(Frame frame, long code) {
            var exchange = streams.get(frame.stream());
            if (exchange == null) {
                return;
            }
            exchange.note("the client reset the stream (%s) %.6f s after its request"
                    .formatted(ErrorCode.name(code), Math.max(0, nanos - exchange.begun()) / 1e9));
            if (exchange.response().isEmpty() && !exchange.response().faulty()) {
                exchange.responded(nanos);
            }
            if (!exchange.response().ended()) {
                exchange.seenInPart("it was unfinished then: judged on the part received");
            }
            conclude(exchange);
        }

        @Override
        public void goAway(GoAway goAway) {
            streams.all().forEach(each -> each.note("the client said " + goAway.text()));
        }

        @Override
        public void resumed() {
            clientGap = true;
        }
    }

    /** The server's bytes. */
    private final class Responses implements MessageReader.Handler {
        @Override
        public void begun(Frame frame) {
            beginning = nanos;
            var exchange = streams.get(frame.stream());
            if (exchange != null) {
                exchange.responded(nanos);
            }
        }

        /** The exchange that a frame belongs to; a new one where its request may come later, or is not in the capture. */
        private @Nullable Http2Exchange exchange(Frame frame) {
            int stream = frame.stream();
            var exchange = streams.get(stream);
            if (exchange != null || streams.isClosed(stream)) {
                return exchange;
            }
            if (!blind() && stream <= lastRequest && (stream & 1) == 1) {
                return null;
            }
            if (unasked(stream)) {
                wrong(Rule.UNEXPECTED_FRAME, frame, frame.offset(), frame.bytes());
                return null;
            }
            sawHttp = true;
            var later = streams.open(stream, nanos);
            if (later != null) {
                later.responded(beginning, server.inPart() ? IN_PART : "");
            }
            return later;
        }

        /** Whether the client's requests may be there without having been seen. */
        private boolean blind() {
            return !clientSpoke || client.inPart() || clientGap;
        }

        /** Whether the server had no request for it: all is read that the server had read. */
        private boolean unasked(int stream) {
            return !blind()
                    && ((stream & 1) == 0
                            || (stream > lastRequest && (received == Arrival.UNKNOWN || clientEnd >= received)));
        }

        @Override
        public void window(Frame frame, long bytes) {
            int stream = frame.stream();
            var exchange = streams.get(stream);
            var of = stream == 0 ? window : exchange == null ? null : exchange.window();
            if (of != null) {
                long initial =
                        stream == 0 ? Http2Window.INITIAL : server.settings().window();
                if (of.overflows(bytes, initial) && !blind() && !server.inPart() && !serverGap) {
                    wrong(Rule.INVALID_WINDOW_UPDATE, frame, frame.offset(), frame.bytes());
                }
            } else if (!streams.isClosed(stream) && unasked(stream) && !server.inPart()) {
                wrong(Rule.UNEXPECTED_FRAME, frame, frame.offset(), frame.bytes());
            }
        }

        @Override
        public void fields(Frame first, int bytes, Fields fields) {
            var exchange = exchange(first);
            if (exchange != null) {
                exchange.response().fields(first, bytes, fields);
                concludeIfOver(exchange);
            }
        }

        @Override
        public void fieldsMissing(Frame first) {
            var exchange = exchange(first);
            if (exchange != null) {
                exchange.response().fieldsMissing(first);
                exchange.seenInPart("bytes of its fields are missing from the capture");
                concludeIfOver(exchange);
            }
        }

        @Override
        public void promised(Frame frame, int stream, Fields fields) {
            sawHttp = true;
            if (!blind() && !client.settings().push()) {
                wrong(Rule.UNEXPECTED_FRAME, frame, frame.offset(), frame.bytes());
            }
            var exchange = streams.isClosed(stream) ? null : streams.open(stream, nanos);
            if (exchange != null) {
                exchange.requested(fields, beginning);
                exchange.note("the server pushed it without a request");
            }
        }

        @Override
        public void data(Frame frame, int length) {
            var exchange = server.inPart() ? streams.get(frame.stream()) : exchange(frame);
            if (exchange != null) {
                exchange.response().data(frame, length);
                concludeIfOver(exchange);
            }
        }

        @Override
        public void reset(Frame frame, long code) {
            var exchange = server.inPart() ? streams.get(frame.stream()) : exchange(frame);
            if (exchange == null) {
                return;
            }
            if (!exchange.response().ended() && !exchange.seenInPart()) {
                exchange.response().reset(frame, code);
            }
            conclude(exchange);
        }

        @Override
        public void goAway(GoAway said) {
            goAway = said;
            for (var exchange : streams.all()) {
                if (exchange.stream() > said.last()
                        && (exchange.stream() & 1) == 1
                        && exchange.requested()
                        && !exchange.seenInPart()
                        && !exchange.response().ended()) {
                    exchange.responded(nanos);
                    exchange.response().refused(said);
                    conclude(exchange);
                }
            }
        }

        /** It concerns its stream, or all that are open. */
        @Override
        public void wrong(Rule rule, Frame frame, long offset, int length) {
            var own = streams.get(frame.stream());
            if (own != null) {
                wrong(own, rule, frame, offset, length);
            } else {
                streams.all().forEach(each -> wrong(each, rule, frame, offset, length));
            }
        }

        private void wrong(Http2Exchange exchange, Rule rule, Frame frame, long offset, int length) {
            exchange.responded(beginning);
            exchange.response().wrong(rule, frame, offset, length, frame.text());
        }

        @Override
        public void resumed() {
            serverGap = true;
            streams.all().forEach(each -> each.framesMissing(IN_PART));
        }
    }
}
