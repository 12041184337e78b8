// SPDX-License-Identifier: Apache-2.0
package upstreamreset.verdict;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import upstreamreset.http1.Rule;

/** Why people break a rule, and what to change: one entry for every rule. */
public record Remedy(String cause, String fix) {
    private static final String LEAVE_FRAMING =
            "Let the server or library write the framing; do not write chunks or Transfer-Encoding by hand.";
    private static final String HTTP_LIBRARY = "Write heads with an HTTP library, not with string concatenation.";
    private static final String FIX_PORT =
            "Correct the port, or the protocol that it is declared with (the Service's port name or appProtocol).";

    /** Each rule with its cause, and below that the fix. */
    private static final Map<Rule, Remedy> BY_RULE = new EnumMap<>(Rule.class);

    static {
        var lines = """
            NO_RESPONSE: The server closed the connection, or kept silent, without one byte: it crashed, its \
            keep-alive timeout raced the request, or it expects TLS.
                Look at the server's own log; give it a longer keep-alive timeout than the client's idle timeout.
            SPEAKS_TLS: The port speaks TLS, and was asked in plain text.
                Ask with https, or correct the port, or the protocol that it is declared with (the Service's port name or appProtocol).
            SPEAKS_HTTP2: The port speaks HTTP/2 only (a gRPC server, for one), and was asked in HTTP/1.1.
                Declare the port http2 or grpc, or enable HTTP/1.1 in the server.
            SPEAKS_SSH: The port is an SSH server's.
                {port}
            TLS_TO_PLAIN_PORT: The client began TLS, and the port speaks plain HTTP/1.1: the Service's port is named https or \
            tls (or its appProtocol says so), or a DestinationRule's tls.mode is SIMPLE, MUTUAL or ISTIO_MUTUAL for a server \
            that has neither TLS nor a sidecar.
                Name the port http (or appProtocol: http), set tls.mode: DISABLE for it in the DestinationRule, or enable TLS in the server.
            HTTP2_TO_HTTP1_PORT: The client began HTTP/2, and the port speaks HTTP/1.1: the Service's port is named http2 or grpc \
            (or its appProtocol says so), or a DestinationRule's h2UpgradePolicy is UPGRADE.
                Name the port http (or appProtocol: http), take h2UpgradePolicy out of the DestinationRule, or enable HTTP/2 without TLS in the server.
            NOT_HTTP: What answers is no HTTP server, or it sends a body without a head.
                {port}
            BYTES_BEFORE_STATUS_LINE: Something is written before the status line, often an empty line after the previous body.
                Write nothing but the body that the previous Content-Length announced.
            INVALID_HTTP_VERSION: The status line names a version that HTTP/1.1 does not know.
                Send HTTP/1.1.
            MALFORMED_STATUS_LINE: The status line is not "HTTP/1.1 200 OK": one space each, also before an empty reason.
                {library}
            INVALID_STATUS_CODE: The code is no number from 100 to 599: a business code or an uninitialised variable.
                Send a status that HTTP knows, and your own code in the body.
            INVALID_REASON_CHARACTER: An error text went into the reason phrase unescaped.
                Send the standard phrase or none.
            BARE_LF: Lines end in LF alone: printf or println with \\n.
                End each line in CR LF.
            BARE_CR: A value holds a carriage return: text from a file or a form was copied into a field.
                Remove line ends from what goes into a field, or encode it.
            MISSING_COLON: A line in the head is no field.
                {library}
            EMPTY_FIELD_NAME: A field has no name; an HTTP/2 pseudo-header such as :status was copied, for one.
                Do not copy fields without a name, nor pseudo-headers.
            INVALID_FIELD_NAME: A field name has a character that no token may have.
                Name fields with letters, digits and -.
            SPACE_BEFORE_COLON: White space stands between the name and the colon.
                Write "Name: value".
            INVALID_FIELD_VALUE: A control character is in the head: binary or user text was copied into a field.
                Encode what goes into a field (percent, Base64).
            OBSOLETE_FOLD: A field goes on in the next line, as long certificates and cookies do when they are wrapped.
                Write each field on one line.
            FOLD_BEFORE_FIRST_FIELD: White space begins the first line after the status line.
                {library}
            HEAD_TOO_LARGE: The head is larger than Envoy takes (80 KiB by default): cookies or tokens that grow.
                Send less in fields; or raise max_response_headers_kb.
            TOO_MANY_FIELDS: There are more fields than Envoy takes (100 by default): one Set-Cookie or Link for each item.
                Send fewer fields; or raise max_headers_count in the cluster's common_http_protocol_options.
            DUPLICATE_TRANSFER_ENCODING: The code sets Transfer-Encoding itself (or copies it from another response), \
            and the server adds its own: two lines, which mean chunked twice.
                Do not set or copy Transfer-Encoding: the server frames the body. When proxying, drop the hop-by-hop fields of the other response.
            UNSUPPORTED_TRANSFER_ENCODING: Transfer-Encoding says something else than chunked: compression belongs into Content-Encoding.
                Compress with Content-Encoding. {framing}
            EMPTY_TRANSFER_ENCODING: The code sets Transfer-Encoding to nothing instead of removing it.
                {framing}
            TRANSFER_ENCODING_AND_CONTENT_LENGTH: Content-Length and Transfer-Encoding are both set: fields were \
            copied from another response, and the server added its own.
                When proxying, drop Content-Length and Transfer-Encoding of the other response.
            TRANSFER_ENCODING_FORBIDDEN: A response without a body (1xx, 204) says that it is chunked: the field is set for every response.
                Set no Transfer-Encoding with 1xx and 204.
            TRANSFER_ENCODING_IN_HTTP_1_0: An HTTP/1.0 response is chunked, which HTTP/1.0 does not know.
                Answer as HTTP/1.1.
            DUPLICATE_CONTENT_LENGTH: The code sets Content-Length, and so does the server.
                Leave Content-Length to the server.
            INVALID_CONTENT_LENGTH: Content-Length is no plain number: a sign, a unit, an unset -1, a list.
                Leave Content-Length to the server.
            CONTENT_LENGTH_FORBIDDEN: A response without a body (1xx, 204) announces one; Envoy lets only 0 pass.
                Answer 200 with a body, or 204 without Content-Length; send 1xx without it.
            INVALID_CHUNK_SIZE: Where a chunk size should stand is something else: the body was written unchunked \
            under a chunked head, or a chunk is longer than its size.
                {framing}
            CHUNK_SIZE_OVERFLOW: A chunk claims more than 2^64 bytes.
                {framing}
            INVALID_CHUNK_EXTENSION: What follows the chunk size is no extension, or has a bare CR or LF.
                {framing}
            MISSING_CHUNK_END: A chunk's data does not end where its size says: the length was counted in characters, not in bytes.
                Count bytes after encoding. {framing}
            INVALID_TRAILER: A line after the last chunk is no field.
                {framing}
            CUT_IN_HEAD: The server closed in the middle of the head: it crashed while it wrote.
                Look at the server's own log at this time.
            CUT_IN_BODY: The body is shorter than announced: the server crashed or gave up, or Content-Length was \
            computed before the content changed (compression, encoding).
                Look at the server's own log at this time; leave Content-Length to the server.
            NEVER_ENDS: The response has no end: its length lies, the last chunk is missing, or nothing frames it and the connection stays open.
                End chunked bodies with the last chunk; without any framing, close the connection.
            INTERIM_ONLY: After a 1xx response the final one did not come.
                Look at the server's own log at this time.
            UNASKED_SWITCH: The server switches protocols (101) although nobody asked for it.
                Answer 101 only to a request with Upgrade.
            BYTES_AFTER_END: Bytes follow the end of the response: a body with 204, 304 or HEAD, a Content-Length \
            that is too small, or a second response. The next request on the connection can get them.
                Send exactly what the head announces, and no body with 204, 304 and HEAD.
            """.replace("{framing}", LEAVE_FRAMING)
                .replace("{library}", HTTP_LIBRARY)
                .replace("{port}", FIX_PORT)
                .lines()
                .toList();
        for (int i = 0; i < lines.size(); i += 2) {
            int colon = lines.get(i).indexOf(": ");
            BY_RULE.put(
                    Rule.valueOf(lines.get(i).substring(0, colon)),
                    new Remedy(
                            lines.get(i).substring(colon + 2), lines.get(i + 1).strip()));
        }
    }

    public static Remedy of(Rule rule) {
        return Objects.requireNonNull(BY_RULE.get(rule));
    }
}
