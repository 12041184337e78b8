// SPDX-License-Identifier: Apache-2.0
package upstreamreset.accesslog;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The fields of an access log, by Envoy's operators in a format string and by Istio's keys in JSON. */
public enum LogField {
    START_TIME("START_TIME"),
    METHOD("REQ(:METHOD)"),
    PATH("REQ(X-ENVOY-ORIGINAL-PATH?:PATH)", "REQ(:PATH)", "PATH"),
    PROTOCOL("PROTOCOL"),
    RESPONSE_CODE("RESPONSE_CODE"),
    RESPONSE_FLAGS("RESPONSE_FLAGS", "RESPONSE_FLAGS_LONG"),
    RESPONSE_CODE_DETAILS("RESPONSE_CODE_DETAILS"),
    CONNECTION_TERMINATION_DETAILS("CONNECTION_TERMINATION_DETAILS"),
    UPSTREAM_TRANSPORT_FAILURE_REASON("UPSTREAM_TRANSPORT_FAILURE_REASON"),
    BYTES_RECEIVED("BYTES_RECEIVED"),
    BYTES_SENT("BYTES_SENT"),
    DURATION("DURATION"),
    UPSTREAM_SERVICE_TIME("RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)"),
    X_FORWARDED_FOR("REQ(X-FORWARDED-FOR)"),
    USER_AGENT("REQ(USER-AGENT)"),
    REQUEST_ID("REQ(X-REQUEST-ID)"),
    AUTHORITY("REQ(:AUTHORITY)", "REQ(HOST)"),
    UPSTREAM_HOST("UPSTREAM_HOST", "UPSTREAM_REMOTE_ADDRESS"),
    UPSTREAM_CLUSTER("UPSTREAM_CLUSTER", "UPSTREAM_CLUSTER_RAW"),
    UPSTREAM_LOCAL_ADDRESS("UPSTREAM_LOCAL_ADDRESS"),
    DOWNSTREAM_LOCAL_ADDRESS("DOWNSTREAM_LOCAL_ADDRESS"),
    DOWNSTREAM_REMOTE_ADDRESS("DOWNSTREAM_REMOTE_ADDRESS"),
    REQUESTED_SERVER_NAME("REQUESTED_SERVER_NAME"),
    ROUTE_NAME("ROUTE_NAME"),
    UPSTREAM_WIRE_BYTES_RECEIVED("UPSTREAM_WIRE_BYTES_RECEIVED"),
    UPSTREAM_REQUEST_ATTEMPT_COUNT("UPSTREAM_REQUEST_ATTEMPT_COUNT");

    private static final Map<String, LogField> BY_OPERATOR = new TreeMap<>();

    static {
        for (var field : values()) {
            for (var operator : field.operators.split(" ", -1)) {
                BY_OPERATOR.put(operator, field);
            }
        }
    }

    /** Spellings that mean the same, the first as Istio's format has it. */
    private final String operators;

    private final String key = name().toLowerCase(Locale.ROOT);

    LogField(String... operators) {
        this.operators = String.join(" ", operators);
    }

    /** The key in Istio's JSON log. */
    public String key() {
        return key;
    }

    /** The field that an operator without its percent signs means; arguments such as a length or a time format do not matter. */
    static Optional<LogField> ofOperator(String operator) {
        var name = operator.toUpperCase(Locale.ROOT)
                .replace("REQUEST_HEADER(", "REQ(")
                .replace("RESPONSE_HEADER(", "RESP(")
                .replaceFirst(":\\d+$", "");
        var field = BY_OPERATOR.get(name);
        int arguments = name.indexOf('(');
        if (field == null && arguments > 0) {
            field = BY_OPERATOR.get(name.substring(0, arguments));
        }
        return Optional.ofNullable(field);
    }

    /** Whether {@code text} can be this field's value: what tells a field's end where the value holds the separator too. */
    boolean fits(String text) {
        return switch (this) {
            case RESPONSE_CODE,
                    BYTES_RECEIVED,
                    BYTES_SENT,
                    DURATION,
                    UPSTREAM_SERVICE_TIME,
                    UPSTREAM_WIRE_BYTES_RECEIVED,
                    UPSTREAM_REQUEST_ATTEMPT_COUNT -> isNumberOrDash(text);
            case RESPONSE_FLAGS -> isFlags(text);
            case METHOD,
                    PROTOCOL,
                    REQUEST_ID,
                    UPSTREAM_HOST,
                    UPSTREAM_LOCAL_ADDRESS,
                    DOWNSTREAM_LOCAL_ADDRESS,
                    DOWNSTREAM_REMOTE_ADDRESS,
                    REQUESTED_SERVER_NAME -> text.indexOf(' ') < 0 && text.indexOf('"') < 0;
            default -> true;
        };
    }

    private static boolean isNumberOrDash(String text) {
        return text.equals("-") || (!text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9'));
    }

    private static boolean isFlags(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> Character.isLetterOrDigit(c) || ",-_".indexOf(c) >= 0);
    }
}
