// SPDX-License-Identifier: Apache-2.0
package upstreamreset.accesslog;

import java.util.Map;

/** Why Envoy's router gave an upstream stream up ({@code resetReasonToString} in {@code source/common/http/utility.cc}). */
public record ResetReason(String text) {
    private static final String RETRIED = "retried and the latest ";

    private static final Map<String, String> SENTENCES = Map.ofEntries(
            Map.entry("protocol error", "the bytes that came are not a valid HTTP response"),
            Map.entry("connection termination", "the upstream closed or reset the connection"),
            Map.entry("remote connection failure", "the connection was refused, or its TLS handshake failed"),
            Map.entry("local connection failure", "this proxy could not open a socket of its own"),
            Map.entry("connection timeout", "the connection was not made within the connect timeout"),
            Map.entry("remote reset", "the upstream reset the HTTP/2 stream"),
            Map.entry("remote refused stream reset", "the upstream refused the HTTP/2 stream"),
            Map.entry("remote error with CONNECT request", "the upstream failed the CONNECT request"),
            Map.entry("remote reset (no error)", "the upstream ended the HTTP/2 stream without an error"),
            Map.entry("overflow", "a circuit breaker is open; the upstream was not asked"),
            Map.entry("local reset", "this proxy reset the stream itself"),
            Map.entry("local refused stream reset", "this proxy refused the stream itself"),
            Map.entry("overload manager reset", "this proxy's overload manager reset the stream"),
            Map.entry(
                    "HTTP/1 premature upstream half close",
                    "the upstream answered and closed before it had read the request"));

    /** The reason as the details spell it ({@code protocol_error}) or as the body does ({@code protocol error}). */
    public static ResetReason of(String spelled) {
        return new ResetReason(spelled.replace('_', ' '));
    }

    /** Whether the codec refused what came. */
    public boolean isProtocolError() {
        return text.equals("protocol error");
    }

    /** What the reason says, without a full stop. */
    public String sentence() {
        return SENTENCES.getOrDefault(text, "\"" + text + "\", which this tool does not know");
    }

    /** How long the body is that Envoy's own reply has for this reason: what {@code %BYTES_SENT%} then says. */
    public int bodyLength(boolean retried) {
        return EnvoyWords.REPLY_REASON.length() + text.length() + (retried ? RETRIED.length() : 0);
    }

    /** Whether {@code bytes} is the length of Envoy's own reply for this reason. */
    public boolean hasBodyLength(long bytes) {
        return bytes == bodyLength(false) || bytes == bodyLength(true);
    }
}
