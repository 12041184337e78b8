// SPDX-License-Identifier: Apache-2.0
package upstreamreset.accesslog;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** An access-log format string, cut into literals and fields. */
public record LogFormat(List<Token> tokens) {
    /** {@code EnvoyTextLogFormat} in Istio's {@code pilot/pkg/model/telemetry_logging.go}. */
    public static final String ISTIO = "[%START_TIME%] \"%REQ(:METHOD)% %REQ(X-ENVOY-ORIGINAL-PATH?:PATH)% %PROTOCOL%\""
            + " %RESPONSE_CODE% %RESPONSE_FLAGS% %RESPONSE_CODE_DETAILS% %CONNECTION_TERMINATION_DETAILS%"
            + " \"%UPSTREAM_TRANSPORT_FAILURE_REASON%\" %BYTES_RECEIVED% %BYTES_SENT% %DURATION%"
            + " %RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)% \"%REQ(X-FORWARDED-FOR)%\" \"%REQ(USER-AGENT)%\""
            + " \"%REQ(X-REQUEST-ID)%\" \"%REQ(:AUTHORITY)%\" \"%UPSTREAM_HOST%\" %UPSTREAM_CLUSTER_RAW%"
            + " %UPSTREAM_LOCAL_ADDRESS% %DOWNSTREAM_LOCAL_ADDRESS% %DOWNSTREAM_REMOTE_ADDRESS%"
            + " %REQUESTED_SERVER_NAME% %ROUTE_NAME%";

    /** The same before Istio 1.9, which had Mixer's status where the details are now. */
    public static final String OLD_ISTIO = ISTIO.replace(
            "%RESPONSE_CODE_DETAILS% %CONNECTION_TERMINATION_DETAILS%", "\"%DYNAMIC_METADATA(istio.mixer:status)%\"");

    /** What Envoy writes where no format is given ({@code docs/root/configuration/observability/access_log/usage.rst}). */
    public static final String ENVOY = "[%START_TIME%] \"%REQ(:METHOD)% %REQ(X-ENVOY-ORIGINAL-PATH?:PATH)% %PROTOCOL%\""
            + " %RESPONSE_CODE% %RESPONSE_FLAGS% %BYTES_RECEIVED% %BYTES_SENT% %DURATION%"
            + " %RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)% \"%REQ(X-FORWARDED-FOR)%\" \"%REQ(USER-AGENT)%\""
            + " \"%REQ(X-REQUEST-ID)%\" \"%REQ(:AUTHORITY)%\" \"%UPSTREAM_HOST%\"";

    private static final Pattern OPERATOR = Pattern.compile("%([A-Z_0-9]+(?:\\([^)]*\\))?(?::\\d+)?)%");

    public LogFormat {
        tokens = List.copyOf(tokens);
    }

    /** Text between fields, or a field; a field of {@code null} is an operator that we do not need. */
    public sealed interface Token {
        record Literal(String text) implements Token {}

        record Operator(String name, @Nullable LogField field) implements Token {}
    }

    /** Any string is a format; {@code \n} at its end, as meshes have it, does not belong to a line. */
    public static LogFormat of(String format) {
        var tokens = new ArrayList<Token>();
        var text = format.strip();
        if (text.endsWith("\\n")) {
            text = text.substring(0, text.length() - 2);
        }
        var matcher = OPERATOR.matcher(text);
        int at = 0;
        while (matcher.find()) {
            if (matcher.start() > at) {
                tokens.add(new Token.Literal(text.substring(at, matcher.start())));
            }
            var name = matcher.group(1);
            tokens.add(new Token.Operator(name, LogField.ofOperator(name).orElse(null)));
            at = matcher.end();
        }
        if (at < text.length()) {
            tokens.add(new Token.Literal(text.substring(at)));
        }
        return new LogFormat(tokens);
    }

    /** Whether a line of this format can tell that a request failed. */
    public boolean tellsFailures() {
        return tokens.stream()
                .anyMatch(token -> token instanceof Token.Operator(var name, var field)
                        && (field == LogField.RESPONSE_CODE || field == LogField.RESPONSE_FLAGS));
    }
}
