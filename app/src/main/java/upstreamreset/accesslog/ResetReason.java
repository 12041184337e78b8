// SPDX-License-Identifier: Apache-2.0
package upstreamreset.accesslog;

import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Why Envoy's router reset an upstream stream ({@code resetReasonToString} in {@code source/common/http/utility.cc}).
 */
public record ResetReason(String text) {
    /** The flag that comes with each ({@code streamResetReasonToResponseFlag} in {@code source/common/router/router.cc}), and a sentence. */
    private static final Map<String, String> KNOWN = Table.parse("""
            protocol error: UPE: the bytes received are not a valid HTTP response
            connection termination: UC: the upstream closed or reset the connection
            remote connection failure: UF: the connection was refused, or its TLS handshake failed
            local connection failure: UF: this proxy could not open a socket of its own
            connection timeout: UF: the connection was not made within the connect timeout
            connection failure: UF: no connection to the upstream could be made
            remote reset: UR: the upstream reset the HTTP/2 stream
            remote refused stream reset: UR: the upstream refused the HTTP/2 stream
            remote error with CONNECT request: UR: the upstream failed the CONNECT request
            remote reset (no error): UR: the upstream ended the HTTP/2 stream without an error
            overflow: UO: a circuit breaker is open; the upstream was not asked
            local reset: LR: this proxy reset the stream itself
            local refused stream reset: LR: this proxy refused the stream itself
            overload manager reset: OM: this proxy's overload manager reset the stream
            HTTP/1 premature upstream half close: LR: the upstream answered and closed before it had read the request
            """);

    /** The reason as the details spell it ({@code protocol_error}) or as the body does ({@code protocol error}). */
    public static ResetReason of(String spelled) {
        return new ResetReason(spelled.replace('_', ' '));
    }

    /** Those that {@code flag} can stand for. */
    public static Stream<ResetReason> of(ResponseFlag flag) {
        return KNOWN.entrySet().stream()
                .filter(row -> row.getValue().startsWith(flag.name() + ": "))
                .map(row -> new ResetReason(row.getKey()));
    }

    /** All that this tool knows. */
    public static Stream<ResetReason> known() {
        return KNOWN.keySet().stream().map(ResetReason::new);
    }

    /**
     * The reason that {@code spelled} is or begins with, for other words may follow; or, cut off, the only one to begin so; else
     * whatever it says.
     */
    public static ResetReason begunBy(String spelled) {
        var reason = of(spelled);
        if (KNOWN.containsKey(reason.text)) {
            return reason;
        }
        var longest = "";
        for (var each : KNOWN.keySet()) {
            if (each.length() > longest.length()
                    && reason.text.startsWith(each)
                    && !Character.isLetterOrDigit(reason.text.charAt(each.length()))) {
                longest = each;
            }
        }
        if (!longest.isEmpty()) {
            return new ResetReason(longest);
        }
        var begun = known().filter(each -> spelled.length() > 3 && each.text.startsWith(reason.text))
                .toList();
        return begun.size() == 1 ? begun.getFirst() : reason;
    }

    /** The flag that comes with it; empty if the reason is unknown. */
    public Optional<ResponseFlag> flag() {
        @Nullable String known = KNOWN.get(text);
        return known == null ? Optional.empty() : ResponseFlag.of(known.substring(0, known.indexOf(": ")));
    }

    /** The meaning of the reason, without a full stop. */
    public String sentence() {
        @Nullable String known = KNOWN.get(text);
        return known == null
                ? "\"" + text + "\", which this tool does not know"
                : known.substring(known.indexOf(": ") + 2);
    }

    /** How long the body is that Envoy's own reply has for this reason: what {@code %BYTES_SENT%} then says. */
    public int bodyLength(boolean retried) {
        return EnvoyWords.REPLY_REASON.length() + text.length() + (retried ? EnvoyWords.RETRIED.length() : 0);
    }

    /** Whether {@code bytes} is the length of Envoy's own reply for this reason. */
    public boolean hasBodyLength(long bytes) {
        return bytes == bodyLength(false) || bytes == bodyLength(true);
    }
}
