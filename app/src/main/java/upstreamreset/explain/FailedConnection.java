// SPDX-License-Identifier: Apache-2.0
package upstreamreset.explain;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import upstreamreset.accesslog.AccessLogEntry;
import upstreamreset.accesslog.LogField;
import upstreamreset.accesslog.ResetReason;
import upstreamreset.accesslog.ResponseCodeDetails;
import upstreamreset.accesslog.Table;

/** Decides why a connection to the upstream failed: by the transport failure's words, else by its duration. */
final class FailedConnection {
    /** Only a refusal is so fast. */
    private static final long MAX_REFUSAL_MILLIS = 10;

    /** Nobody configures a shorter connect timeout. */
    private static final long MIN_CONNECT_TIMEOUT_MILLIS = 100;

    /** Envoy's connect timeout is 5 s unless set, Istio's 10 s; a TLS handshake can fail sooner. */
    private static final long MIN_TIMEOUT_MILLIS = 1_000;

    /** The meaning of a set of words, in lower case and without punctuation: the first matching row. */
    private static final Map<String, String> BY_WORDS = Table.parse("""
            wrong version number: tls-plain-text-peer
            http request: tls-plain-text-peer
            verify + san: tls-name-mismatch
            has expired: tls-certificate-expired
            not yet valid: tls-certificate-expired
            x509 verify cert: tls-not-trusted
            certificate verify failed: tls-not-trusted tls-name-mismatch
            alert: tls-peer-alert
            secret is not supplied: tls-no-certificate
            tls + reset: tls-reset
            tls + eof: tls-reset
            tls: tls-handshake-failed
            certificate: tls-handshake-failed
            refused: connection-refused
            no route: no-route-to-host
            unreachable: network-unreachable
            timed out: connect-timeout
            reset: connection-reset-at-connect
            error 111: connection-refused
            error 113: no-route-to-host
            error 101: network-unreachable
            error 110: connect-timeout
            error 104: connection-reset-at-connect
            """);

    private FailedConnection() {}

    /** The ids of the causes, the most likely first. */
    static List<String> causes(Hop hop) {
        var words = hop.entry()
                .text(LogField.UPSTREAM_TRANSPORT_FAILURE_REASON)
                .or(() -> hop.exchange().details().flatMap(ResponseCodeDetails::transportFailure))
                .orElse("")
                .toLowerCase(Locale.ROOT)
                .replaceAll("[_:|,\\s]+", " ");
        for (var row : BY_WORDS.entrySet()) {
            if (Arrays.stream(row.getKey().split(" \\+ ", -1)).allMatch(words::contains)) {
                return List.of(row.getValue().split(" ", -1));
            }
        }
        var said = hop.exchange().details().flatMap(ResponseCodeDetails::reason).map(ResetReason::text);
        return switch (said.orElse("")) {
            case "local connection failure" -> List.of("local-connection-failure");
            case "connection timeout" -> List.of("connect-timeout");
            // A refused connection has words; a peer that closes in the middle of the TLS handshake leaves none.
            case "remote connection failure" -> List.of("tls-reset");
            default -> byDuration(hop.entry().number(LogField.DURATION).orElse(-1));
        };
    }

    private static List<String> byDuration(long took) {
        if (took >= 0 && took < MAX_REFUSAL_MILLIS) {
            return List.of("connection-refused", "tls-handshake-failed");
        }
        return List.of(took >= MIN_TIMEOUT_MILLIS ? "connect-timeout" : "connection-failed");
    }

    /** Whether the request took less time than any connect timeout. */
    static boolean tooShortForTimeout(AccessLogEntry entry) {
        long took = entry.number(LogField.DURATION).orElse(-1);
        return took >= 0 && took < MIN_CONNECT_TIMEOUT_MILLIS;
    }

    /** Whether the time tells a connect timeout from another failure. */
    static boolean durationTells(AccessLogEntry entry) {
        return tooShortForTimeout(entry) || entry.number(LogField.DURATION).orElse(0) >= MIN_TIMEOUT_MILLIS;
    }
}
