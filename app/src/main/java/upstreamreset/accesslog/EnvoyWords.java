// SPDX-License-Identifier: Apache-2.0
package upstreamreset.accesslog;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The sentences that Envoy itself writes into replies and debug logs: the only place that spells them. */
public final class EnvoyWords {
    /** Begins the body of the reply that Envoy gives in the upstream's place ({@code source/common/http/utility.cc}). */
    public static final String REPLY = "upstream connect error or disconnect/reset before headers";

    /** Stands before the reset reason in that body. */
    public static final String REASON = "reset reason: ";

    /** Stands before that where a retry had failed too. */
    public static final String RETRIED = "retried and the latest ";

    /** Stands behind a comma and before the transport failure in that body, until Envoy 1.38.1. */
    public static final String TRANSPORT = "transport failure reason: ";

    /** How that body begins where it has a reason. */
    static final String REPLY_REASON = REPLY + ". " + REASON;

    /**
     * How the {@code client} logger begins to say why its codec refused bytes ({@code source/common/http/codec_client.cc}):
     * today, and before Envoy 1.14.
     */
    private static final List<String> REFUSED = List.of("Error dispatching received data: ", "] protocol error: ");

    /** The codec's prefix before its reason, once or twice. */
    private static final List<String> LEADS = List.of("protocol error: ", "http/1.1 protocol error: ");

    /** What follows the reason: in Istio's own log lines a tab, or what a terminal made of it, and {@code thread=…}. */
    private static final List<String> ENDS = List.of("\t", "  ", " thread=", "\"", "\\t");

    /** The {@code http2} logger, of a frame that breaks a rule ({@code source/common/http/http2/codec_impl.cc}). */
    private static final String INVALID_HTTP2 = "invalid http2: ";

    private static final String INVALID_FRAME = "invalid frame: ";

    /** nghttp2's messages for a session that it ends ({@code nghttp2_strerror}), those in Envoy's binary. */
    private static final Set<String> HTTP2_REFUSALS = Set.of(
            "The user callback function failed",
            "Violation in HTTP messaging rule",
            "Invalid HTTP header field was received",
            "Received bad client magic byte string",
            "The length of the frame is invalid",
            "Flooding was detected in this HTTP/2 session, and it must be closed");

    private EnvoyWords() {}

    /** Whether the codec's reason is one of HTTP/2's, which do not name the fault. */
    public static boolean isHttp2Refusal(String reason) {
        return HTTP2_REFUSALS.contains(reason);
    }

    /** The {@code http2} logger's message about a frame; empty text for the next line, which repeats it. */
    static Optional<String> http2Refusal(String line) {
        int http2 = line.indexOf(INVALID_HTTP2);
        if (http2 < 0) {
            boolean again = line.contains(INVALID_FRAME) && line.contains("http2");
            return again ? Optional.of("") : Optional.empty();
        }
        int begin = http2 + INVALID_HTTP2.length();
        int tab = line.indexOf('\t', begin);
        return Optional.of(line.substring(begin, tab < 0 ? line.length() : tab).strip());
    }

    /**
     * The codec's reason for refusing a response, {@code unsupported transfer encoding} for example, from a line of the
     * {@code client} logger. Istio's own log lines end in a tab and {@code thread=…}; a terminal makes blanks of the tab.
     */
    public static Optional<String> codecReason(String line) {
        for (var refused : REFUSED) {
            int at = line.indexOf(refused);
            if (at >= 0) {
                return Optional.of(bare(line.substring(at + refused.length())));
            }
        }
        return Optional.empty();
    }

    private static String bare(String text) {
        var reason = text.replace('\u00a0', ' ').strip();
        for (var each : ENDS) {
            int end = reason.indexOf(each);
            reason = end < 0 ? reason : reason.substring(0, end).strip();
        }
        for (var lead : LEADS) {
            reason = reason.startsWith(lead) ? reason.substring(lead.length()) : reason;
        }
        return reason;
    }
}
