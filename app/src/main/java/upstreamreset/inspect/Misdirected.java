// SPDX-License-Identifier: Apache-2.0
package upstreamreset.inspect;

import java.util.Optional;
import upstreamreset.http1.Rule;
import upstreamreset.protocol.FirstBytes;
import upstreamreset.verdict.Finding;
import upstreamreset.verdict.Outcome;
import upstreamreset.verdict.Verdict;

/**
 * Detects a client that speaks another protocol to an HTTP/1 server, and gives the message that Envoy logs if it is
 * that client.
 */
enum Misdirected {
    /** A request. */
    NOT,
    /** Unreadable bytes: Envoy's verdict on the response to a request is unaffected. */
    UNREADABLE,
    TLS,
    HTTP2;

    /** Enough to be known by: a TLS record's first bytes, or the preface. */
    private static final int MAX_BYTES = 24;

    Optional<Finding> finding(FirstBytes client) {
        if (this != TLS && this != HTTP2) {
            return Optional.empty();
        }
        var rule = this == TLS ? Rule.TLS_TO_PLAIN_PORT : Rule.HTTP2_TO_HTTP1_PORT;
        return Optional.of(Finding.of(rule, client.bytes(), Math.min(client.length(), MAX_BYTES)));
    }

    /** Measured on Envoy 1.40.0: the catalogue's {@code h2-to-http1}, and a cluster with a TLS transport socket before the same app. */
    Verdict verdict(InspectedResponse response) {
        var asked = response.judged().envoy();
        return switch (this) {
            case NOT, UNREADABLE -> asked;
            case TLS ->
                new Verdict(
                        Outcome.RESETS_BEFORE,
                        503,
                        "UF",
                        "upstream_reset_before_response_started{remote_connection_failure|TLS_error:|268435703:"
                                + "SSL_routines:OPENSSL_internal:WRONG_VERSION_NUMBER:TLS_error_end}",
                        "",
                        asked.version());
            case HTTP2 ->
                new Verdict(
                        Outcome.RESETS_BEFORE,
                        502,
                        "UPE",
                        "upstream_reset_before_response_started{protocol_error}",
                        "The user callback function failed",
                        asked.version());
        };
    }
}
