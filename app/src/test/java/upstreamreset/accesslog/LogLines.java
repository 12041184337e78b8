// SPDX-License-Identifier: Apache-2.0
package upstreamreset.accesslog;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/** Builds log lines for tests, in Istio's text format or another: {@code LogLines.server().status(200).line()}. */
public record LogLines(Map<LogField, String> fields) {
    /** What the response's code details begin with where Envoy answered in the upstream's place. */
    public static final String RESET_BEFORE = "upstream_reset_before_response_started";

    /** The same where the client already had the status. */
    public static final String RESET_AFTER = "upstream_reset_after_response_started";

    public LogLines {
        fields = Collections.unmodifiableMap(new EnumMap<>(fields));
    }

    /** The server's sidecar refused a malformed response: 502 UPE, 87 bytes. */
    public static LogLines server() {
        var fields = new EnumMap<LogField, String>(LogField.class);
        fields.put(LogField.START_TIME, "2026-11-22T20:00:00.123Z");
        fields.put(LogField.METHOD, "GET");
        fields.put(LogField.PATH, "/wrong");
        fields.put(LogField.PROTOCOL, "HTTP/1.1");
        fields.put(LogField.BYTES_RECEIVED, "0");
        fields.put(LogField.BYTES_SENT, "87");
        fields.put(LogField.DURATION, "3");
        fields.put(LogField.USER_AGENT, "curl/8.5.0");
        fields.put(LogField.REQUEST_ID, "4f7c3f0e-7d0a-9b3e-8a51-0c9d8b3a5c11");
        fields.put(LogField.AUTHORITY, "http-chunked:8080");
        fields.put(LogField.UPSTREAM_HOST, "10.244.0.7:8080");
        fields.put(LogField.UPSTREAM_CLUSTER, "inbound|8080||");
        fields.put(LogField.UPSTREAM_LOCAL_ADDRESS, "127.0.0.6:48357");
        fields.put(LogField.DOWNSTREAM_LOCAL_ADDRESS, "10.244.0.7:8080");
        fields.put(LogField.DOWNSTREAM_REMOTE_ADDRESS, "10.244.0.9:40012");
        fields.put(LogField.ROUTE_NAME, "default");
        return new LogLines(fields).status(502).flags("UPE").details(RESET_BEFORE + "{protocol_error}");
    }

    /** The client's sidecar passed that 502 on. */
    public static LogLines client() {
        return server().with(LogField.UPSTREAM_CLUSTER, "outbound|8080||http-chunked.default.svc")
                .with(LogField.DURATION, "4")
                .with(LogField.UPSTREAM_SERVICE_TIME, "3")
                .passedOn(502);
    }

    public LogLines status(int status) {
        return with(LogField.RESPONSE_CODE, Integer.toString(status));
    }

    public LogLines flags(String flags) {
        return with(LogField.RESPONSE_FLAGS, flags);
    }

    public LogLines details(String details) {
        return with(LogField.RESPONSE_CODE_DETAILS, details);
    }

    public LogLines bytes(long sent) {
        return with(LogField.BYTES_SENT, Long.toString(sent));
    }

    public LogLines duration(long millis) {
        return with(LogField.DURATION, Long.toString(millis));
    }

    public LogLines id(String id) {
        return with(LogField.REQUEST_ID, id);
    }

    /** The upstream closed the connection before it answered: 503 UC, 95 bytes. */
    public LogLines terminated() {
        return status(503)
                .flags("UC")
                .details(RESET_BEFORE + "{connection_termination}")
                .bytes(95);
    }

    /** No upstream was chosen. */
    public LogLines withoutUpstream() {
        return with(LogField.UPSTREAM_HOST, "-").with(LogField.UPSTREAM_LOCAL_ADDRESS, "-");
    }

    /** The upstream's own response went to the client as it was. */
    public LogLines passedOn(int status) {
        return status(status).flags("-").details("via_upstream");
    }

    /** Any field; {@code -} for none. */
    public LogLines with(LogField field, String value) {
        var changed = new EnumMap<>(fields);
        changed.put(field, value);
        return new LogLines(changed);
    }

    /** The line in Istio's text format. */
    public String line() {
        return line(LogFormat.ISTIO);
    }

    public String line(String format) {
        var parsed = LogFormat.of(format);
        var line = new StringBuilder(parsed.start());
        for (var operator : parsed.operators()) {
            line.append(operator.field() == null ? "-" : fields.getOrDefault(operator.field(), "-"))
                    .append(operator.separator());
        }
        return line.toString();
    }

    /** As a reader understands the line. */
    public LogLine.Access access() {
        return (LogLine.Access) new LogReader().read(line());
    }

    public AccessLogEntry entry() {
        return new AccessLogEntry(fields);
    }
}
