// SPDX-License-Identifier: Apache-2.0
package upstreamreset.codec;

import upstreamreset.http1.CloseReason;
import upstreamreset.http1.RequestContext;
import upstreamreset.verdict.Outcome;
import upstreamreset.verdict.Verdict;

/**
 * The model of Envoy's HTTP/1 client codec: predicts what Envoy does with an upstream's bytes, and its error message
 * (source/common/http/http1/codec_impl.cc and balsa_parser.cc, source/common/http/codec_client.cc). A differential test
 * compares it with the real Envoy 1.36.2 and 1.40.0.
 */
public final class EnvoyCodec {
    /** In this package an error is its message, as Envoy logs it; this stands for no error. */
    static final String NO_ERROR = "";

    /** Envoy reads into slices of this size and parses them one by one (source/common/buffer/buffer_impl.h). */
    private static final int SLICE = 16 * 1024;

    private static final long EMPTY_BYTES = 500;

    private final String version;
    private final RequestContext request;
    private final BalsaFrame frame;
    private final Damage damage;

    private Upstream upstream = Upstream.BETWEEN_MESSAGES;
    /** Of the message that is {@link Upstream#IN_BODY}: whether it is a 1xx, and whether the end of the connection completes it. */
    private boolean interim;

    private boolean untilClose;
    private Downstream downstream = Downstream.WAITING;
    /** Of the final response that the client got; 0 while it got none. */
    private int status;
    /** Whether the client got a 1xx: Envoy's response code details count that as a start. */
    private boolean interimForwarded;

    private String error = NO_ERROR;

    /** The codec's position in the upstream's bytes. */
    private enum Upstream {
        /** No byte of the next message has come; a 1xx may have come before it. */
        BETWEEN_MESSAGES,
        IN_HEAD,
        /** The head is read, the message is not complete. */
        IN_BODY,
        /** The connection carries another protocol: the codec reads no more. */
        TUNNEL,
        /** The final response is complete: more bytes are an error. */
        COMPLETE
    }

    /** The part of the final response that the client has received. */
    private enum Downstream {
        WAITING,
        /** The upstream's head. */
        FORWARDED,
        /** Envoy's reply to a failed WebSocket handshake: the upstream's head without its body. Envoy then closes the connection. */
        LOCAL_REPLY
    }

    /** For the response to {@code request}, as Envoy {@code version} ({@code 1.40.0}) takes it. */
    public EnvoyCodec(String version, RequestContext request) {
        this.version = version;
        this.request = request;
        this.frame = new BalsaFrame(EnvoyVersion.parse(version), this);
        this.damage = new Damage(frame);
    }

    /** About how much memory it takes, in bytes. */
    public long held() {
        return EMPTY_BYTES + frame.held();
    }

    /** Takes the bytes of one read from the connection. They change nothing once the verdict is settled. */
    public void dispatch(byte[] segment, int offset, int length) {
        int to = offset + length;
        int at = settled() ? offset : parse(segment, offset, to);
        if (upstream == Upstream.COMPLETE) {
            damage.afterEnd(segment, at, to);
        } else if (downstream == Downstream.LOCAL_REPLY) {
            parseUnforwarded(segment, at, to);
        }
    }

    /** Passes over missing bytes of a body; returns whether the model still knows where it is. */
    public boolean skip(long missing) {
        return settled() || frame.skip(missing);
    }

    /** Whether the end of the connection changes the verdict no more. */
    private boolean settled() {
        return !error.isEmpty() || !reading() || downstream == Downstream.LOCAL_REPLY;
    }

    private boolean reading() {
        return upstream != Upstream.TUNNEL && upstream != Upstream.COMPLETE;
    }

    /** Returns where it stopped: at {@code to}, or at an error or the end of the response. */
    private int parse(byte[] segment, int offset, int to) {
        int at = offset;
        while (at < to && error.isEmpty() && reading()) {
            int slice = offset + ((at - offset) / SLICE + 1) * SLICE;
            at += execute(segment, at, Math.min(to, slice));
        }
        if (at < to && error.isEmpty() && upstream == Upstream.COMPLETE) {
            error = "extraneous data after response complete";
        }
        return at;
    }

    private int execute(byte[] segment, int at, int to) {
        if (upstream == Upstream.BETWEEN_MESSAGES) {
            if (segment[at] != 'H') {
                error = "HPE_INVALID_CONSTANT";
                return 0;
            }
            frame.reset();
            upstream = Upstream.IN_HEAD;
        }
        int used = frame.process(segment, at, to);
        if (error.isEmpty()) {
            error = frame.error();
        }
        return used;
    }

    /** Parses the rest of a response that a local reply replaced, to see what the client misses; errors no longer count. */
    private void parseUnforwarded(byte[] segment, int from, int to) {
        var reported = error;
        int at = from + (frame.error().isEmpty() ? frame.process(segment, from, to) : 0);
        error = reported;
        if (!frame.error().isEmpty()) {
            damage.afterError(segment, at, to);
        }
    }

    /**
     * BalsaParser::execute with no bytes: it completes a close-delimited message and cuts any other. To be called for a FIN
     * that was read alone, which matters only for CONNECT; {@link #verdict} covers the other methods.
     */
    public void endOfStream() {
        if (settled() || upstream == Upstream.BETWEEN_MESSAGES) {
            return;
        }
        if (upstream == Upstream.IN_BODY && untilClose) {
            messageDone();
        } else {
            error = "HPE_INVALID_EOF_STATE";
        }
    }

    /** Envoy's final reaction, given how the connection was closed, or that it stays open until a timeout. */
    public Verdict verdict(CloseReason closedBy) {
        // Envoy half-closes a connection for CONNECT: a FIN that is read with the last bytes ends no body there.
        if (closedBy == CloseReason.RST || (closedBy == CloseReason.FIN && !request.connect())) {
            endOfStream();
        }
        if (downstream == Downstream.LOCAL_REPLY) {
            return verdict(damage.outcome(), status, "-", "websocket_handshake_unsuccessful");
        }
        if (upstream == Upstream.COMPLETE) {
            return verdict(damage.outcome(), status, "-", "via_upstream");
        }
        if (!error.isEmpty()) {
            return reset("UPE", 502, "protocol_error");
        }
        if (closedBy.bySender()) {
            return reset("UC", 503, "connection_termination");
        }
        return verdict(Outcome.HANGS, status, "-", "");
    }

    private Verdict reset(String flags, int localStatus, String reason) {
        var before = "upstream_reset_before_response_started{" + reason + "}";
        var after = "upstream_reset_after_response_started{" + reason + "}";
        return switch (downstream) {
            // A forwarded 1xx counts as a start in the details, although Envoy then replies itself.
            case WAITING -> verdict(Outcome.RESETS_BEFORE, localStatus, flags, interimForwarded ? after : before);
            case FORWARDED -> verdict(Outcome.RESETS_AFTER, status, flags, after);
            case LOCAL_REPLY -> throw new IllegalStateException("the client has a local reply");
        };
    }

    private Verdict verdict(Outcome outcome, int status, String flags, String details) {
        return new Verdict(outcome, status, flags, details, error, version);
    }

    // What follows is called by the parser: the codec's side of quiche's BalsaVisitorInterface.

    void head(BalsaHead head) {
        boolean replied = downstream == Downstream.LOCAL_REPLY;
        var fields = new EnvoyFields();
        var problem = fields.add(head);
        if (problem.isEmpty()) {
            // After a local reply Envoy no longer checks what the status forbids.
            problem = fields.check(replied ? 200 : head.statusLine().status());
        }
        if (!problem.isEmpty()) {
            error = problem;
            return;
        }
        untilClose = !head.chunked()
                && (head.transferEncoding() || !head.contentLength().valid());
        if (replied) {
            upstream = Upstream.IN_BODY;
            interim = false;
        } else {
            forward(head, fields);
        }
        if (upstream == Upstream.IN_BODY && bodiless(head)) {
            messageDone();
        }
    }

    private void forward(BalsaHead head, EnvoyFields fields) {
        int code = head.statusLine().status();
        interim = code >= 100 && code < 200 && code != 101;
        boolean forwardedInterim = code == 100 || (code >= 102 && code <= 104);
        boolean upgrade = request.upgrade() && !request.h2c();
        boolean tunnel = request.connected(code) || (upgrade && fields.upgrade());
        upstream = tunnel ? Upstream.TUNNEL : Upstream.IN_BODY;
        damage.forwarded(head, fields);
        if (upgrade && !forwardedInterim && code != 101 && code < 400) {
            downstream = Downstream.LOCAL_REPLY;
            status = code;
            damage.localReply(head, fields, interim);
        } else if (!interim) {
            downstream = Downstream.FORWARDED;
            status = code;
        } else {
            interimForwarded |= forwardedInterim;
        }
    }

    private boolean bodiless(BalsaHead head) {
        int code = head.statusLine().status();
        var length = head.contentLength();
        boolean empty = code >= 200 && !head.chunked() && length.valid() && length.length() == 0;
        return request.head() || code == 204 || code == 304 || empty;
    }

    void body(int length) {
        damage.body(length);
    }

    void trailers(BalsaHead trailers) {
        var problem = EnvoyFields.checkNames(trailers.fields());
        if (!problem.isEmpty()) {
            error = problem;
        }
    }

    void messageDone() {
        if (!error.isEmpty()) {
            return;
        }
        upstream = switch (upstream) {
            // The parser reports the end of a 1xx to HEAD twice (BalsaParser::MessageDone).
            case BETWEEN_MESSAGES, TUNNEL, COMPLETE -> upstream;
            case IN_HEAD -> Upstream.COMPLETE;
            case IN_BODY -> interim ? Upstream.BETWEEN_MESSAGES : Upstream.COMPLETE;
        };
    }
}
