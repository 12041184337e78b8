// SPDX-License-Identifier: Apache-2.0
package upstreamreset.page;

import upstreamreset.accesslog.LogField;

/** The meaning of each access-log field, in one sentence. */
final class FieldWords {
    private FieldWords() {}

    static String of(LogField field) {
        return switch (field) {
            case START_TIME -> "When the proxy had read the request's head.";
            case METHOD -> "The request's method.";
            case PATH -> "The request's target, as the client sent it.";
            case PROTOCOL -> "The HTTP version that the client spoke.";
            case RESPONSE_CODE -> "The status that the client got; 0 where it got none.";
            case RESPONSE_FLAGS -> "What went wrong, in Envoy's abbreviations; - for nothing.";
            case RESPONSE_CODE_DETAILS -> "Who made the status and why; via_upstream where the next hop made it.";
            case CONNECTION_TERMINATION_DETAILS -> "Why the proxy ended the client's connection itself.";
            case UPSTREAM_TRANSPORT_FAILURE_REASON -> "Why the connection to the upstream failed below HTTP.";
            case BYTES_RECEIVED -> "Bytes of the request's body.";
            case BYTES_SENT -> "Bytes of the response's body that went to the client.";
            case DURATION -> "Milliseconds from the request's first byte to the response's last.";
            case UPSTREAM_SERVICE_TIME -> "Milliseconds that the upstream took to its head; - where no head came.";
            case X_FORWARDED_FOR -> "Whose proxy forwarded the request.";
            case USER_AGENT -> "What the client says that it is.";
            case REQUEST_ID -> "The same in the lines of all proxies on the way.";
            case AUTHORITY -> "The host that the client asked.";
            case UPSTREAM_HOST -> "The address that the proxy sent the request to.";
            case UPSTREAM_CLUSTER ->
                "The upstream by its name in Envoy: outbound at a client's sidecar, inbound at a server's.";
            case UPSTREAM_LOCAL_ADDRESS -> "The proxy's own end of its connection to the upstream.";
            case DOWNSTREAM_LOCAL_ADDRESS -> "The address that the client connected to.";
            case DOWNSTREAM_REMOTE_ADDRESS -> "The client's address as the proxy sees it.";
            case REQUESTED_SERVER_NAME -> "The name in the client's TLS greeting (SNI).";
            case ROUTE_NAME -> "The route that matched.";
            case UPSTREAM_WIRE_BYTES_RECEIVED -> "Bytes that came from the upstream, head and all.";
            case UPSTREAM_REQUEST_ATTEMPT_COUNT -> "How often the proxy asked the upstream.";
        };
    }
}
