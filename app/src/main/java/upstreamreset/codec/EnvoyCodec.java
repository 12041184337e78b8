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

    private UpstreamState upstream = new UpstreamState.BetweenMessages();
    private DownstreamState downstream = new DownstreamState.Waiting(false);
    private String error = NO_ERROR;

    /** For the response to {@code request}, as Envoy {@code version} ({@code 1.40.0}) takes it. */
    public EnvoyCodec(String version, RequestContext request) {
        this.version = version;
        this.request = request;
        this.frame = new BalsaFrame(EnvoyVersion.parse(version), this);
        this.damage = new Damage(frame);
    }

    /** Throws an IllegalArgumentException with a sentence if {@code version} is not a version. */
    public static void checkVersion(String version) {
        EnvoyVersion.parse(version);
    }

    /** About how much memory it takes, in bytes. */
    public long held() {
        return EMPTY_BYTES + frame.held();
    }

    /** Takes the bytes of one read from the connection. They change nothing once the verdict is settled. */
    public void dispatch(byte[] segment, int offset, int length) {
        int to = offset + length;
        int at = settled() ? offset : parse(segment, offset, to);
        if (upstream instanceof UpstreamState.Complete) {
            damage.afterEnd(segment, at, to);
        } else if (downstream instanceof DownstreamState.LocalReply) {
            parseUnforwarded(segment, at, to);
        }
    }

    /** Whether the end of the connection changes the verdict no more. */
    private boolean settled() {
        return !error.isEmpty() || !reading() || downstream instanceof DownstreamState.LocalReply;
    }

    private boolean reading() {
        return switch (upstream) {
            case UpstreamState.BetweenMessages _, UpstreamState.InHead _, UpstreamState.InBody _ -> true;
            case UpstreamState.Tunnel _, UpstreamState.Complete _ -> false;
        };
    }

    /** Returns where it stopped: at {@code to}, or at an error or the end of the response. */
    private int parse(byte[] segment, int offset, int to) {
        int at = offset;
        while (at < to && error.isEmpty() && reading()) {
            int slice = offset + ((at - offset) / SLICE + 1) * SLICE;
            at += execute(segment, at, Math.min(to, slice));
        }
        if (at < to && error.isEmpty() && upstream instanceof UpstreamState.Complete) {
            error = "extraneous data after response complete";
        }
        return at;
    }

    private int execute(byte[] segment, int at, int to) {
        if (upstream instanceof UpstreamState.BetweenMessages) {
            if (segment[at] != 'H') {
                error = "HPE_INVALID_CONSTANT";
                return 0;
            }
            frame.reset();
            upstream = new UpstreamState.InHead();
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
     * The connection's FIN was read alone, not with the last bytes. This matters only for CONNECT, whose connection Envoy
     * half-closes; {@link #verdict} covers the other methods.
     */
    public void endedAlone() {
        endOfStream();
    }

    /** BalsaParser::execute with no bytes: it completes a close-delimited message and cuts any other. */
    private void endOfStream() {
        if (settled() || upstream instanceof UpstreamState.BetweenMessages) {
            return;
        }
        if (upstream instanceof UpstreamState.InBody body && body.untilClose()) {
            messageDone();
        } else {
            error = "HPE_INVALID_EOF_STATE";
        }
    }

    /** What Envoy does in the end, now that the connection was closed so, or stays open until a timeout. */
    public Verdict verdict(CloseReason closedBy) {
        // Envoy half-closes a connection for CONNECT: a FIN that is read with the last bytes ends no body there.
        if (closedBy == CloseReason.RST || (closedBy == CloseReason.FIN && !request.connect())) {
            endOfStream();
        }
        if (downstream instanceof DownstreamState.LocalReply) {
            return verdict(damage.outcome(), downstream.status(), "-", "websocket_handshake_unsuccessful");
        }
        if (upstream instanceof UpstreamState.Complete) {
            return verdict(damage.outcome(), downstream.status(), "-", "via_upstream");
        }
        if (!error.isEmpty()) {
            return reset("UPE", 502, "protocol_error");
        }
        if (closedBy.bySender()) {
            return reset("UC", 503, "connection_termination");
        }
        return verdict(Outcome.HANGS, downstream.status(), "-", "");
    }

    private Verdict reset(String flags, int localStatus, String reason) {
        var before = "upstream_reset_before_response_started{" + reason + "}";
        var after = "upstream_reset_after_response_started{" + reason + "}";
        return switch (downstream) {
            // A forwarded 1xx counts as a start in the details, although Envoy then replies itself.
            case DownstreamState.Waiting(boolean interimForwarded) ->
                verdict(Outcome.RESETS_BEFORE, localStatus, flags, interimForwarded ? after : before);
            case DownstreamState.Forwarded(int status) -> verdict(Outcome.RESETS_AFTER, status, flags, after);
            case DownstreamState.LocalReply _ -> throw new IllegalStateException("the client has a local reply");
        };
    }

    private Verdict verdict(Outcome outcome, int status, String flags, String details) {
        return new Verdict(outcome, status, flags, details, error, version);
    }

    // What follows is called by the parser: the codec's side of quiche's BalsaVisitorInterface.

    void head(BalsaHead head) {
        boolean replied = downstream instanceof DownstreamState.LocalReply;
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
        if (replied) {
            upstream = new UpstreamState.InBody(false, untilClose(head));
        } else {
            forward(head, fields);
        }
        if (upstream instanceof UpstreamState.InBody && bodiless(head)) {
            messageDone();
        }
    }

    private void forward(BalsaHead head, EnvoyFields fields) {
        int status = head.statusLine().status();
        boolean interim = status >= 100 && status < 200 && status != 101;
        boolean forwardedInterim = status == 100 || (status >= 102 && status <= 104);
        boolean tunnel = request.connected(status) || (request.upgrade() && fields.upgrade());
        upstream = tunnel ? new UpstreamState.Tunnel() : new UpstreamState.InBody(interim, untilClose(head));
        damage.forwarded(head, fields);
        if (request.upgrade() && !forwardedInterim && status != 101 && status < 400) {
            downstream = new DownstreamState.LocalReply(status);
            damage.localReply(head, fields, interim);
        } else if (!interim) {
            downstream = new DownstreamState.Forwarded(status);
        } else if (forwardedInterim) {
            downstream = new DownstreamState.Waiting(true);
        }
    }

    private static boolean untilClose(BalsaHead head) {
        return !head.chunked()
                && (head.transferEncoding() || !head.contentLength().valid());
    }

    private boolean bodiless(BalsaHead head) {
        int status = head.statusLine().status();
        var length = head.contentLength();
        boolean empty = status >= 200 && !head.chunked() && length.valid() && length.length() == 0;
        return request.head() || status == 204 || status == 304 || empty;
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
            case UpstreamState.BetweenMessages _, UpstreamState.Tunnel _, UpstreamState.Complete _ -> upstream;
            case UpstreamState.InBody body when body.interim() -> new UpstreamState.BetweenMessages();
            case UpstreamState.InHead _, UpstreamState.InBody _ -> new UpstreamState.Complete();
        };
    }
}
