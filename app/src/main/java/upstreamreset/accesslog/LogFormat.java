// SPDX-License-Identifier: Apache-2.0
package upstreamreset.accesslog;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** An access-log format string: the text before its first operator, and the operators. */
public record LogFormat(String start, List<Operator> operators) {
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

    /** The same before Istio 1.4, which named no route. */
    public static final String OLDEST_ISTIO = OLD_ISTIO.replace(" %ROUTE_NAME%", "");

    /** The same before Istio 1.3, which gave no transport failure. */
    public static final String FIRST_ISTIO = OLDEST_ISTIO.replace(" \"%UPSTREAM_TRANSPORT_FAILURE_REASON%\"", "");

    /** Envoy's format if none is configured ({@code docs/root/configuration/observability/access_log/usage.rst}). */
    public static final String ENVOY = "[%START_TIME%] \"%REQ(:METHOD)% %REQ(X-ENVOY-ORIGINAL-PATH?:PATH)% %PROTOCOL%\""
            + " %RESPONSE_CODE% %RESPONSE_FLAGS% %BYTES_RECEIVED% %BYTES_SENT% %DURATION%"
            + " %RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)% \"%REQ(X-FORWARDED-FOR)%\" \"%REQ(USER-AGENT)%\""
            + " \"%REQ(X-REQUEST-ID)%\" \"%REQ(:AUTHORITY)%\" \"%UPSTREAM_HOST%\"";

    private static final Pattern OPERATOR = Pattern.compile("%([A-Z_0-9]+(?:\\([^)]*\\))?(?::\\d+)?)%");

    public LogFormat {
        operators = List.copyOf(operators);
    }

    /** An operator with the text behind it; its field is {@code null} where we do not need it. */
    public record Operator(String name, @Nullable LogField field, String separator) {}

    /** Any string is a format; {@code \n} at its end, as meshes have it, does not belong to a line. */
    public static LogFormat of(String format) {
        var text = format.strip();
        if (text.endsWith("\\n")) {
            text = text.substring(0, text.length() - 2);
        }
        var operators = new ArrayList<Operator>();
        var matcher = OPERATOR.matcher(text);
        boolean found = matcher.find();
        var start = found ? text.substring(0, matcher.start()) : text;
        while (found) {
            var name = matcher.group(1);
            int behind = matcher.end();
            found = matcher.find();
            var separator = text.substring(behind, found ? matcher.start() : text.length());
            operators.add(new Operator(name, LogField.ofOperator(name).orElse(null), separator));
        }
        return new LogFormat(start, operators);
    }

    /** Whether a line of this format can tell that a request failed. */
    public boolean tellsFailures() {
        return operators.stream()
                .anyMatch(operator ->
                        operator.field() == LogField.RESPONSE_CODE || operator.field() == LogField.RESPONSE_FLAGS);
    }
}
