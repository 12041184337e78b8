// SPDX-License-Identifier: Apache-2.0
package upstreamreset.scrap;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import upstreamreset.accesslog.AccessLogEntry;
import upstreamreset.accesslog.LogField;

/**
 * Reads one of Envoy's failure counters, as {@code /stats} and Prometheus print it: {@code
 * cluster.X.upstream_rq_timeout: 3}. A counter of 0 counts no failure.
 */
final class EnvoyCounter {
    private static final int MAX_LINE = 8 * 1024;
    private static final Pattern STATS = Pattern.compile("\"?([A-Za-z][^\\s\"]*)\"?:\\s*(\\d{1,18})[,\"\\s]*");
    private static final String JSON_NAME = "\"name\":";
    private static final Pattern JSON =
            Pattern.compile("\"name\": ?\"([A-Za-z][^\\s\"]{1,300})\", ?\"value\": ?(\\d{1,18})");
    private static final Pattern PROMETHEUS = Pattern.compile(
            "(?:^|\\s)(envoy_[a-z0-9_]+|istio_requests_total)(?:\\{(.*)})?\\s+([0-9.e+]{1,24})(?:\\s+\\d+)?$");
    private static final Pattern ALONE =
            Pattern.compile("\\W*((?:upstream|downstream)_(?:cx|rq)_[a-z0-9_]+)\\W*(\\d{1,18})?\\W*");
    private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final Pattern ZERO = Pattern.compile("0+(?:\\.0*)?(?:e.*)?");

    /** The last words of the counter's name: the causes, and the meaning. */
    private static final Map<String, Meaning> COUNTS = Meaning.table("""
            upstream_cx_protocol_error: duplicate-transfer-encoding invalid-response-head broken-body bytes-after-end; responses whose bytes broke HTTP, before or after the head, and bytes after the end of a response
            upstream_rq_pending_failure_eject: connection-failed; requests that waited for a connection which then was not made
            upstream_cx_connect_fail: connection-refused connect-timeout tls-handshake-failed; connections to the upstream that were not made
            upstream_cx_connect_timeout: connect-timeout; connections that were not made within the connect timeout
            upstream_cx_connect_attempts_exceeded: connection-failed; connections given up after so many attempts
            upstream_cx_overflow: circuit-breaker; times that the limit of connections was reached
            upstream_cx_pool_overflow: circuit-breaker; times that the limit of connection pools was reached
            upstream_rq_pending_overflow: circuit-breaker; requests refused because the limits of the connection pool were reached
            upstream_rq_retry_overflow: circuit-breaker; retries that were not made because the limit of retries was reached
            upstream_cx_none_healthy: no-healthy-upstream; times that no endpoint of the cluster was healthy
            upstream_rq_timeout: upstream-timeout; requests that the upstream did not answer within the route's timeout
            upstream_rq_per_try_timeout: upstream-timeout; attempts that the upstream did not answer within the timeout of one try
            upstream_rq_per_try_idle_timeout: upstream-timeout; attempts without a byte for the idle timeout of one try
            upstream_rq_max_duration_reached: max-duration; streams that exceeded their maximum duration
            upstream_rq_maintenance_mode: overload; requests refused because the cluster is in maintenance mode
            upstream_rq_rx_reset: upstream-reset-stream; streams that the upstream reset
            upstream_rq_tx_reset: local-reset client-left; streams to the upstream that this proxy reset, its client's leaving included
            upstream_rq_retry_limit_exceeded: next-hop; requests whose retries were used up
            upstream_cx_destroy_remote_with_active_rq: app-closed keep-alive-race; connections that the upstream closed while a request was on them
            upstream_cx_destroy_local_with_active_rq: local-reset upstream-timeout; connections that this proxy closed while a request was on them
            upstream_cx_destroy_with_active_rq: app-closed local-reset; connections closed while a request was on them
            upstream_rq_503: next-hop; responses 503, the proxy's own and those it passed on
            upstream_rq_502: next-hop; responses 502, the proxy's own and those it passed on
            upstream_rq_504: next-hop; responses 504, the proxy's own and those it passed on
            upstream_rq_5xx: next-hop; responses 5xx, the proxy's own and those it passed on
            downstream_rq_5xx: next-hop; responses 5xx to clients, the proxy's own and those it passed on
            downstream_cx_protocol_error: invalid-client-request not-http1-on-listener; client connections whose bytes broke HTTP
            downstream_rq_rx_reset: client-cancelled; streams that the client reset
            downstream_rq_tx_reset: proxy-closed-client; streams to clients that this proxy reset
            downstream_rq_idle_timeout: slow-client-request stream-idle-timeout; requests that stood still for the idle timeout
            downstream_rq_timeout: slow-client-request; requests that the client did not finish in time
            downstream_rq_header_timeout: slow-client-request; requests whose head did not come in time
            downstream_rq_overload_close: overload; requests refused by the overload manager
            downstream_cx_overload_reject: overload; connections refused by the overload manager
            downstream_cx_destroy_remote_active_rq: client-left; client connections that the client closed while a request was on them
            downstream_cx_destroy_local_active_rq: proxy-closed-client; client connections that this proxy closed while a request was on them
            downstream_rq_non_relative_path: invalid-client-request; requests for a whole URL, which the listener does not take
            no_filter_chain_match: no-route; connections that no filter chain of the listener matches
            no_cluster: cluster-not-found; requests for a cluster that this proxy does not have
            no_route: no-route; requests that no route matches
            ssl.connection_error: tls-handshake-failed; TLS connections that failed, for another reason than the certificate
            ssl.fail_verify_error: tls-not-trusted; TLS connections whose certificate is not trusted
            ssl.fail_verify_san: tls-name-mismatch; TLS connections whose certificate has another name
            ssl.fail_verify_no_cert: tls-peer-alert; TLS connections whose peer gave no certificate
            ssl.fail_verify_cert_hash: tls-not-trusted; TLS connections whose certificate has another hash
            outlier_detection.ejections_active: no-healthy-upstream; endpoints that outlier detection has ejected now
            circuit_breakers.default.rq_open: circuit-breaker; 1 while the limit of requests is reached
            circuit_breakers.default.cx_open: circuit-breaker; 1 while the limit of connections is reached
            circuit_breakers.default.rq_pending_open: circuit-breaker; 1 while the limit of waiting requests is reached
            rx_messaging_error: invalid-http2-response; HTTP/2 messages that broke a rule
            dropped_headers_with_underscores: invalid-client-request; fields dropped because their name has an underscore
            response_flood: bytes-after-end; connections whose responses were queued without a reader
            update_rejected: configuration-rejected; configurations that this proxy rejected
            lds_reject: configuration-rejected; listener configurations that this proxy rejected
            cds_reject: configuration-rejected; cluster configurations that this proxy rejected
            connected_state: control-plane-unreachable; 0 while the control plane is out of reach
            allowed: -; requests that an authorization policy let through
            denied: authorization-policy; requests that an authorization policy refused
            """);

    private EnvoyCounter() {}

    /** The ids of all causes that they name. */
    static List<String> causes() {
        return Meaning.causes(COUNTS.values());
    }

    static Optional<Scrap> find(String line) {
        if (line.length() > MAX_LINE) {
            return Optional.empty();
        }
        var alone = ALONE.matcher(line);
        if (alone.matches()) {
            return of(line, alone.group(1), alone.group(2) == null ? "1" : alone.group(2), "");
        }
        for (var json = JSON.matcher(line); line.contains(JSON_NAME) && json.find(); ) {
            var counter = of(json.group(), json.group(1), json.group(2), "");
            if (counter.filter(Scrap::failed).isPresent()) {
                return counter;
            }
        }
        var stats = STATS.matcher(line.strip());
        if (stats.matches()) {
            return of(line, stats.group(1), stats.group(2), "");
        }
        if (!line.contains("envoy_") && !line.contains("istio_requests_total")) {
            return Optional.empty();
        }
        var metric = PROMETHEUS.matcher(line.strip());
        if (!metric.find()) {
            return Optional.empty();
        }
        var labels = metric.group(2) == null ? "" : metric.group(2);
        return metric.group(1).startsWith("istio_")
                ? requests(line, labels, metric.group(3))
                : of(line, metric.group(1), metric.group(3), labels);
    }

    private static Optional<Scrap> of(String line, String name, String value, String labels) {
        for (var row : COUNTS.entrySet()) {
            var counter = row.getKey();
            if (ends(name, counter)) {
                var meaning = row.getValue();
                boolean zero = ZERO.matcher(value).matches();
                if (zero != counter.equals("connected_state")
                        || meaning.causes().isEmpty()) {
                    return Optional.of(
                            Scrap.harmless(line.strip(), "Envoy", "an Envoy counter that counts no failure here"));
                }
                return Optional.of(Scrap.naming(
                        line.strip(),
                        "Envoy",
                        "an Envoy counter, since the proxy started: " + meaning.says(),
                        meaning.causes()));
            }
        }
        boolean known = name.startsWith("cluster.") || name.startsWith("envoy_") || labels.contains("envoy");
        return known
                ? Optional.of(Scrap.harmless(line.strip(), "Envoy", "an Envoy metric that counts no failure"))
                : Optional.empty();
    }

    /** Prometheus writes {@code _} for each point, and Istio's own name of the cluster may stand between. */
    private static boolean ends(String name, String counter) {
        var spelled = counter.replace('.', '_');
        var plain = name.replace('.', '_');
        return plain.endsWith("_" + spelled) || plain.equals(spelled);
    }

    /** Istio's own metric has the flag of the requests that it counts. */
    private static Optional<Scrap> requests(String line, String labels, String value) {
        var flags = "";
        var code = "";
        for (var label = LABEL.matcher(labels); label.find(); ) {
            flags = label.group(1).equals("response_flags") ? label.group(2) : flags;
            code = label.group(1).equals("response_code") ? label.group(2) : code;
        }
        if (flags.isEmpty() || flags.equals("-") || ZERO.matcher(value).matches()) {
            return Optional.of(Scrap.harmless(line.strip(), "Istio", "requests counted without a response flag"));
        }
        return Optional.of(Scrap.telling(
                line.strip(),
                "Istio's metric of requests, since the proxy started: " + value + " with this flag",
                new AccessLogEntry(Map.of(LogField.RESPONSE_CODE, code, LogField.RESPONSE_FLAGS, flags)),
                List.of()));
    }
}
