// SPDX-License-Identifier: Apache-2.0
package upstreamreset.codec;

import org.jspecify.annotations.Nullable;
import upstreamreset.http1.CloseReason;
import upstreamreset.http1.RequestContext;
import upstreamreset.verdict.Outcome;
import upstreamreset.verdict.Verdict;

/**
 * The model of Envoy's HTTP/1 client codec: what Envoy would do with these bytes and say of them
 * (source/common/http/http1/codec_impl.cc and balsa_parser.cc, source/common/http/codec_client.cc). A differential test
 * holds it to real Envoys.
 */
public final class EnvoyCodec {
    /** Envoy reads into slices of this size and parses them one by one (source/common/buffer/buffer_impl.h). */
    private static final long EMPTY_BYTES = 500;

    private static final int SLICE = 16 * 1024;

    private final String version;
    private final RequestContext asked;
    private final BalsaFrame frame;

    private @Nullable String error;
    private boolean transferEncoding;
    private boolean chunked;
    private boolean lengthValid;
    private boolean firstByteSeen;
    private boolean headDone;
    private boolean paused;
    private boolean started;
    private boolean complete;
    private boolean interim;
    private boolean interimSeen;
    private boolean damaged;
    private boolean framesAsBody;
    private boolean tunnel;
    private boolean handshakeFailed;
    private boolean badLineOver;
    private boolean surplusSeen;
    private int status;

    /** For the response to a request with {@code method} that asks for no upgrade. */
    public EnvoyCodec(String version, String method) {
        this(version, RequestContext.of(method));
    }

    /** For the response to what was asked, as the Envoy of {@code version} ({@code 1.40.0}) takes it. */
    public EnvoyCodec(String version, RequestContext asked) {
        this.version = version;
        this.asked = asked;
        this.frame = new BalsaFrame(EnvoyVersion.parse(version), new Callbacks());
    }

    /** Checks that {@code version} can be one: throws an IllegalArgumentException with a sentence if not. */
    public static void checkVersion(String version) {
        EnvoyVersion.parse(version);
    }

    /** The verdict on all that came for one request, read in one segment. */
    public static Verdict judge(String version, String method, byte[] bytes, CloseReason end) {
        var codec = new EnvoyCodec(version, method);
        codec.dispatch(bytes, 0, bytes.length);
        return codec.verdict(end);
    }

    /** About how much memory it takes, in bytes. */
    public long held() {
        return EMPTY_BYTES + frame.held();
    }

    /** Takes what one read from the connection gave. Nothing counts any more once the request has its answer. */
    public void dispatch(byte[] segment, int offset, int length) {
        if (settled()) {
            surplus(segment, offset, offset + length);
            unheard(segment, offset, offset + length);
            return;
        }
        int at = offset;
        int to = offset + length;
        while (at < to && error == null && !paused && !tunnel) {
            int slice = offset + ((at - offset) / SLICE + 1) * SLICE;
            at += execute(segment, at, Math.min(to, slice));
        }
        if (error == null && at < to && !tunnel) {
            fail("extraneous data after response complete");
        }
        surplus(segment, at, to);
        unheard(segment, at, to);
    }

    /** What comes after a response without a body: more of its head, if that ended early, unless it is an empty line. */
    private void surplus(byte[] segment, int from, int to) {
        if (complete && frame.headEndedEarly() && from < to && !surplusSeen) {
            surplusSeen = true;
            damaged |= segment[from] != '\r' && segment[from] != '\n';
        }
    }

    /** What still comes of a response in whose place Envoy answered: the client does not get it. */
    private void unheard(byte[] segment, int from, int to) {
        if (handshakeFailed && !complete) {
            var said = error;
            int at = from + (frame.error() == null ? frame.process(segment, from, to) : 0);
            error = said;
            damaged |= frame.error() != null && lost(segment, at, to);
        }
    }

    /** Whether others find more of the body in [from, to), or what is no body, behind the line that the parser refused. */
    private boolean lost(byte[] segment, int from, int to) {
        long left = frame.leftToOthers();
        int at = from;
        while (at < to && !badLineOver) {
            badLineOver = segment[at++] == '\n';
        }
        return left < 0 || (left > 0 && at < to);
    }

    /**
     * The connection's FIN was read alone, not with the last bytes. That matters for CONNECT alone, whose connection Envoy
     * closes by halves; {@link #verdict} knows the rest.
     */
    public void endedAlone() {
        endOfStream();
    }

    private int execute(byte[] segment, int at, int to) {
        if (!firstByteSeen) {
            if (segment[at] != 'H') {
                fail("HPE_INVALID_CONSTANT");
                return 0;
            }
            frame.reset();
            firstByteSeen = true;
        }
        int used = frame.process(segment, at, to);
        var problem = frame.error();
        if (error == null && problem != null) {
            fail(problem);
        }
        return used;
    }

    /** Whether nothing that comes changes the verdict. */
    private boolean settled() {
        return error != null || complete || tunnel || handshakeFailed;
    }

    private void fail(String message) {
        error = message;
    }

    /** What Envoy makes of it, now that the connection ended so, or is left open until a timeout. */
    public Verdict verdict(CloseReason end) {
        // A connection for CONNECT may be closed by halves: a FIN that is read with the last bytes ends no body there.
        if (end == CloseReason.RST || (end == CloseReason.FIN && !asked.connect())) {
            endOfStream();
        }
        var message = error == null ? "" : error;
        if (handshakeFailed || complete) {
            var outcome = damaged || frame.strayBytes() ? Outcome.DAMAGED : Outcome.PASSES;
            var details = handshakeFailed ? "websocket_handshake_unsuccessful" : "via_upstream";
            return new Verdict(outcome, status, "-", details, message, version);
        }
        if (error != null) {
            return reset("UPE", 502, "protocol_error");
        }
        if (end.bySender()) {
            return reset("UC", 503, "connection_termination");
        }
        return new Verdict(Outcome.HANGS, started ? status : 0, "-", "", "", version);
    }

    private Verdict reset(String flags, int code, String reason) {
        // A 1xx that was forwarded counts as a start in the details; and yet Envoy answers itself.
        var when = started || interimSeen ? "after" : "before";
        return new Verdict(
                started ? Outcome.RESETS_AFTER : Outcome.RESETS_BEFORE,
                started ? status : code,
                flags,
                "upstream_reset_" + when + "_response_started{" + reason + "}",
                error == null ? "" : error,
                version);
    }

    /** BalsaParser::execute with no bytes: what is not close-delimited is cut. */
    private void endOfStream() {
        if (settled()) {
            return;
        }
        if (headDone && !chunked && (transferEncoding || !lengthValid)) {
            messageDone();
        } else if (firstByteSeen) {
            fail("HPE_INVALID_EOF_STATE");
        }
    }

    private void messageDone() {
        // The parser says it twice of a 1xx for HEAD (BalsaParser::MessageDone).
        if (error != null || tunnel || !firstByteSeen) {
            return;
        }
        if (interim) {
            interim = false;
        } else {
            started = true;
            complete = true;
            paused = true;
        }
        firstByteSeen = false;
        headDone = false;
    }

    private final class Callbacks implements BalsaFrame.Visitor {
        @Override
        public void head(BalsaHead head) {
            var fields = new EnvoyFields();
            var problem = fields.add(head);
            if (problem == null) {
                headDone = true;
                // Once Envoy has answered by itself, what the status forbids is no matter any more.
                problem = fields.check(handshakeFailed ? 200 : head.status);
            }
            if (problem != null) {
                fail(problem);
                return;
            }
            transferEncoding = head.transferEncoding;
            chunked = head.chunked;
            lengthValid = head.lengthStatus == BalsaHead.Length.VALID && !chunked;
            if (handshakeFailed) {
                interim = false;
            } else {
                answer(head, fields);
            }
            boolean bodiless = !tunnel
                    && (asked.head()
                            || head.status == 204
                            || head.status == 304
                            || (head.status >= 200 && lengthValid && head.length == 0));
            started = !interim && !bodiless;
            if (bodiless) {
                EnvoyCodec.this.messageDone();
            }
        }

        private void answer(BalsaHead head, EnvoyFields fields) {
            status = head.status;
            damaged = fields.altered();
            framesAsBody = transferEncoding && !chunked && !fields.foreignEncoding();
            interim = status >= 100 && status < 200 && status != 101;
            boolean forwardedInterim = status == 100 || (status >= 102 && status <= 104);
            interimSeen |= forwardedInterim;
            tunnel = asked.connected(status) || (asked.upgrade() && fields.upgrade());
            // Envoy then answers by itself, with this head and no body, and closes the connection.
            handshakeFailed = asked.upgrade() && !forwardedInterim && status != 101 && status < 400;
            // An own answer without a body has neither field (source/common/http/utility.cc, prepareLocalReply).
            damaged |= handshakeFailed
                    && (interim || fields.contentType() || (status == 304 && fields.contentLengthLost()));
        }

        @Override
        public void body(byte[] bytes, int offset, int length) {
            // Chunked to the codec, not so to the parser: the frames pass as body.
            damaged |= length > 0 && (framesAsBody || handshakeFailed || frame.headEndedEarly());
        }

        @Override
        public void trailers(BalsaHead trailers) {
            var problem = EnvoyFields.checkNames(trailers.fields());
            if (problem != null) {
                fail(problem);
            }
        }

        @Override
        public void messageDone() {
            EnvoyCodec.this.messageDone();
        }
    }
}
