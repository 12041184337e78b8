// SPDX-License-Identifier: Apache-2.0
package upstreamreset.codec;

import java.util.List;
import upstreamreset.http1.Rule;
import upstreamreset.http2.ErrorCode;
import upstreamreset.http2.Fault;
import upstreamreset.http2.Fault.Phase;
import upstreamreset.verdict.Outcome;
import upstreamreset.verdict.Verdict;

/**
 * Predicts what Envoy's HTTP/2 codec does with a response that breaks a rule, from measurements of a real Envoy ({@code
 * Http2AnswersIT} repeats them).
 */
public final class EnvoyHttp2 {
    private static final EnvoyVersion TELLS_PROTOCOL_ERRORS = EnvoyVersion.parse("1.37.0");

    /** What nghttp2 says to Envoy, and Envoy to its log. */
    private static final String CALLBACK = "The user callback function failed";

    /** nghttp2's limit for one name or value. */
    private static final int MAX_FIELD = 1 << 16;

    private static final String EMPTY_FRAMES = "Too many consecutive frames with an empty payload";

    private final String version;
    private final boolean tellsProtocolErrors;

    public EnvoyHttp2(String version) {
        this.version = version;
        this.tellsProtocolErrors = EnvoyVersion.parse(version).compareTo(TELLS_PROTOCOL_ERRORS) >= 0;
    }

    /** For a response with this status and these faults, the first one first. */
    public Verdict verdict(int status, List<Fault> faults) {
        for (var fault : faults) {
            if (!passes(fault, status)) {
                return known(fault) ? broken(status, fault) : unknown(status);
            }
        }
        return passes(status);
    }

    /** For a response without a fault. */
    public Verdict passes(int status) {
        return new Verdict(Outcome.PASSES, status, "-", "via_upstream", "", version);
    }

    /** For a response of which too little was seen. */
    public Verdict unknown(int status) {
        return new Verdict(Outcome.UNKNOWN, status, "-", "", "", version);
    }

    /** Envoy takes any three digits for a status, and content-length: 0 with 204. */
    private static boolean passes(Fault fault, int status) {
        return switch (fault.violation().rule()) {
            case INVALID_STATUS_CODE -> status > 0;
            case CONTENT_LENGTH_FORBIDDEN ->
                status == 204 && fault.violation().excerpt().endsWith(": 0");
            default -> false;
        };
    }

    /** Envoy 1.36 had another codec below, which lets some of what breaks these rules pass. */
    private boolean known(Fault fault) {
        return tellsProtocolErrors
                || switch (fault.violation().rule()) {
                    case MISPLACED_PSEUDO_HEADER,
                            INVALID_CONTENT_LENGTH,
                            DUPLICATE_CONTENT_LENGTH,
                            CONTENT_LENGTH_FORBIDDEN,
                            UNEXPECTED_FRAME,
                            INVALID_SETTING,
                            INVALID_WINDOW_UPDATE -> false;
                    case CONTENT_LENGTH_MISMATCH -> fault.inData();
                    case HEAD_TOO_LARGE -> fault.detail() <= MAX_FIELD;
                    default -> true;
                };
    }

    private Verdict broken(int status, Fault fault) {
        return switch (fault.violation().rule()) {
            case STREAM_RESET -> reset(status, fault);
            case STREAM_REFUSED -> of(status, fault, "UR", "remote_refused_stream_reset", "");
            case STREAM_UNFINISHED -> of(status, fault, "UC", "connection_termination", "");
            case HEAD_TOO_LARGE ->
                fault.detail() > MAX_FIELD
                        ? protocolError(status, fault, CALLBACK)
                        : of(status, fault, "UR", "remote_reset", "");
            case TOO_MANY_FIELDS -> of(status, fault, "UR", "remote_reset", "");
            case EMPTY_FRAMES -> protocolError(status, fault, EMPTY_FRAMES);
            default -> silent(fault) ? streamError(status, fault) : protocolError(status, fault, CALLBACK);
        };
    }

    /** Whether nghttp2 resets the stream by itself, and leaves the connection. */
    private static boolean silent(Fault fault) {
        var rule = fault.violation().rule();
        return fault.inData()
                && (rule == Rule.BODY_FORBIDDEN
                        || rule == Rule.CONTENT_LENGTH_MISMATCH
                        || (rule == Rule.UNEXPECTED_FRAME && fault.phase() == Phase.INTERIM));
    }

    private Verdict reset(int status, Fault fault) {
        if (ErrorCode.PROTOCOL_ERROR.is(fault.detail())) {
            return streamError(status, fault);
        }
        if (ErrorCode.REFUSED_STREAM.is(fault.detail())) {
            return of(status, fault, "UR", "remote_refused_stream_reset", "");
        }
        boolean connect = ErrorCode.CONNECT_ERROR.is(fault.detail());
        return of(status, fault, "UR", connect ? "remote_error_with_CONNECT_request" : "remote_reset", "");
    }

    private Verdict streamError(int status, Fault fault) {
        return tellsProtocolErrors ? protocolError(status, fault, "") : of(status, fault, "UR", "remote_reset", "");
    }

    private Verdict protocolError(int status, Fault fault, String message) {
        return of(status, fault, "UPE", "protocol_error", message);
    }

    private Verdict of(int status, Fault fault, String flags, String reason, String message) {
        boolean head = fault.phase() == Phase.HEAD;
        boolean started = fault.phase() != Phase.NOTHING;
        return new Verdict(
                head ? Outcome.RESETS_AFTER : Outcome.RESETS_BEFORE,
                head ? status : flags.equals("UPE") ? 502 : 503,
                flags,
                "upstream_reset_" + (started ? "after" : "before") + "_response_started{" + reason + "}",
                message,
                version);
    }
}
