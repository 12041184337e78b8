// SPDX-License-Identifier: Apache-2.0
package upstreamreset.verdict;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import upstreamreset.http1.Rule;

/** The usual cause of a broken rule and its fix: one entry for every rule. */
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
            NO_RESPONSE: The server closed the connection, or stayed silent, without sending a byte: it crashed, its \
            keep-alive timeout raced the request, or it expects TLS.
                Look at the server's own log; give it a longer keep-alive timeout than the client's idle timeout.
            SILENCE: The server accepted the request but sent no byte within the timeout: it is still working, is waiting for something itself, or expects another protocol.
                Look at the server's own log at this time; try a longer --timeout, which tells a slow server from a hanging one.
            SPEAKS_TLS: The port speaks TLS, but the request was plain text.
                Use https, or correct the port, or the protocol that it is declared with (the Service's port name or appProtocol).
            SPEAKS_HTTP2: The port speaks only HTTP/2 (for example, a gRPC server), but the request was HTTP/1.1.
                Declare the port http2 or grpc, or enable HTTP/1.1 in the server.
            SPEAKS_SSH: The port belongs to an SSH server.
                {port}
            TLS_TO_PLAIN_PORT: The client began TLS, but the port speaks plain HTTP/1.1: the Service's port is named https or \
            tls (or its appProtocol says so), or a DestinationRule's tls.mode is SIMPLE, MUTUAL or ISTIO_MUTUAL for a server \
            that has neither TLS nor a sidecar.
                Name the port http (or appProtocol: http), set tls.mode: DISABLE for it in the DestinationRule, or enable TLS in the server.
            HTTP2_TO_HTTP1_PORT: The client began HTTP/2, but the port speaks HTTP/1.1: the Service's port is named http2 or grpc \
            (or its appProtocol says so), or a DestinationRule's h2UpgradePolicy is UPGRADE.
                Name the port http (or appProtocol: http), remove h2UpgradePolicy from the DestinationRule, or enable HTTP/2 without TLS in the server.
            NOT_HTTP: The server is not an HTTP server, or it sends a body without a head.
                {port}
            BYTES_BEFORE_STATUS_LINE: The server writes something before the status line, often an empty line after the previous body.
                Write nothing but the body that the previous Content-Length announced.
            INVALID_HTTP_VERSION: The status line names a version that HTTP/1.1 does not know.
                Send HTTP/1.1.
            MALFORMED_STATUS_LINE: The status line does not have the form "HTTP/1.1 200 OK", with one space after the version and one after the code, even before an empty reason.
                {library}
            INVALID_STATUS_CODE: The code is not a number from 100 to 599: a business code or an uninitialised variable.
                Send a status that HTTP knows, and your own code in the body.
            INVALID_REASON_CHARACTER: An error text went into the reason phrase unescaped.
                Send the standard phrase or none.
            BARE_LF: Lines end with LF alone, as from printf or println with \\n.
                End each line with CR LF.
            BARE_CR: A value holds a carriage return: text from a file or a form was copied into a field.
                Remove line ends from what goes into a field, or encode it.
            MISSING_COLON: A line in the head is not a field line.
                {library}
            EMPTY_FIELD_NAME: A field has no name, for example because an HTTP/2 pseudo-header such as :status was copied.
                Do not copy fields without a name, nor pseudo-headers.
            INVALID_FIELD_NAME: A field name has a character that is not allowed in a token.
                Name fields with letters, digits and -.
            SPACE_BEFORE_COLON: White space stands between the name and the colon.
                Write "Name: value".
            INVALID_FIELD_VALUE: A control character is in the head: binary or user text was copied into a field.
                Encode what goes into a field (percent, Base64).
            OBSOLETE_FOLD: A field continues on the next line, as when a long certificate or cookie is wrapped.
                Write each field on one line.
            FOLD_BEFORE_FIRST_FIELD: The first line after the status line begins with white space.
                {library}
            HEAD_TOO_LARGE: The head is larger than Envoy accepts (80 KiB by default, 60 KiB in HTTP/2), often because cookies or tokens grow.
                Send less in fields; or raise max_response_headers_kb.
            TOO_MANY_FIELDS: There are more fields than Envoy accepts (100 by default), for example one Set-Cookie or Link for each item.
                Send fewer fields; or raise max_headers_count in the cluster's common_http_protocol_options.
            DUPLICATE_TRANSFER_ENCODING: The code sets Transfer-Encoding itself (or copies it from another response), \
            and the server adds its own: two lines, which mean chunked twice.
                Do not set or copy Transfer-Encoding: the server frames the body. When proxying, drop the hop-by-hop fields of the other response.
            UNSUPPORTED_TRANSFER_ENCODING: Transfer-Encoding names a coding other than chunked: compression belongs in Content-Encoding.
                Compress with Content-Encoding. {framing}
            EMPTY_TRANSFER_ENCODING: The code sets Transfer-Encoding to nothing instead of removing it.
                {framing}
            TRANSFER_ENCODING_AND_CONTENT_LENGTH: Content-Length and Transfer-Encoding are both set: fields were \
            copied from another response, and the server added its own.
                When proxying, drop Content-Length and Transfer-Encoding of the other response.
            TRANSFER_ENCODING_FORBIDDEN: A response without a body (1xx, 204) has Transfer-Encoding: the code sets the field for every response.
                Set no Transfer-Encoding with 1xx and 204.
            TRANSFER_ENCODING_IN_HTTP_1_0: An HTTP/1.0 response is chunked, but HTTP/1.0 has no chunked coding.
                Answer as HTTP/1.1.
            DUPLICATE_CONTENT_LENGTH: The code sets Content-Length, and so does the server.
                Leave Content-Length to the server.
            INVALID_CONTENT_LENGTH: Content-Length is not a plain number: a sign, a unit, an unset -1, a list.
                Leave Content-Length to the server.
            CONTENT_LENGTH_FORBIDDEN: A response without a body (1xx, 204) announces a length; Envoy accepts only 0.
                Answer 200 with a body, or 204 without Content-Length; send 1xx without it.
            INVALID_CHUNK_SIZE: The bytes in place of a chunk size are not one: the body was written without chunk framing under a chunked head, or a chunk is longer than its size.
                {framing}
            CHUNK_SIZE_OVERFLOW: A chunk claims more than 2^64 bytes.
                {framing}
            INVALID_CHUNK_EXTENSION: The text after the chunk size is not a valid extension, or has a bare CR or LF.
                {framing}
            MISSING_CHUNK_END: A chunk's data does not end where its size says: the length was counted in characters, not in bytes.
                Count bytes after encoding. {framing}
            INVALID_TRAILER: A line after the last chunk is not a field line.
                {framing}
            CUT_IN_HEAD: The server closed the connection in the middle of the head: it crashed while writing.
                Look at the server's own log at this time.
            CUT_IN_BODY: The body is shorter than announced: the server crashed or gave up, or Content-Length was \
            computed before the content changed (compression, encoding).
                Look at the server's own log at this time; leave Content-Length to the server.
            NEVER_ENDS: The response has no end: its Content-Length is too large, the last chunk is missing, or nothing frames it and the \
            connection stays open; or it is a stream that pauses for longer than the wait.
                End chunked bodies with the last chunk; without any framing, close the connection.
            INTERIM_ONLY: No final response followed the 1xx response.
                Look at the server's own log at this time.
            UNASKED_SWITCH: The server switches protocols (101), but the request did not ask for that.
                Answer 101 only to a request with Upgrade.
            BYTES_AFTER_END: Bytes follow the end of the response: a body with 204, 304 or HEAD, a Content-Length \
            that is too small, or a second response. The next request on the connection may receive them as its response.
                Send exactly what the head announces, and no body with 204, 304 and HEAD.
            CONNECTION_SPECIFIC_FIELD: On an HTTP/2 server, the code sets Connection, Keep-Alive, Transfer-Encoding or Upgrade, or copies them from another response.
                Do not set them: HTTP/2 frames the body, and keeps the connection. When proxying, drop the hop-by-hop fields of the other response.
            UPPERCASE_FIELD_NAME: A field name has capital letters, as in HTTP/1: the HTTP/2 is hand-written.
                Write names in lower case.
            MISSING_STATUS: The response has no :status: hand-written HTTP/2, or trailers that were sent as the first head.
                Send :status first.
            INVALID_PSEUDO_HEADER: A pseudo-header other than one :status is in a response: fields of a request were copied, or :status is set twice.
                Send one :status and no other pseudo-header.
            MISPLACED_PSEUDO_HEADER: :status comes after other fields.
                Send :status first.
            PSEUDO_HEADER_IN_TRAILER: A pseudo-header is in the trailer section: the status was sent again.
                Send no pseudo-header in trailers.
            CONTENT_LENGTH_MISMATCH: content-length differs from the length of the DATA frames: it was counted in characters, the body was compressed afterwards, or the server gave up.
                Leave content-length to the server, or count bytes after encoding.
            BODY_FORBIDDEN: A response to HEAD, or one with 204 or 304, has DATA.
                Send no body with 204, 304 and HEAD.
            COMPRESSION_ERROR: A field block cannot be decoded: a proxy truncates or mixes frames, or the HPACK is hand-written.
                Let a library write the frames.
            FRAME_SIZE_ERROR: A frame has a length that its type or the client's SETTINGS do not permit: hand-written HTTP/2, or bytes that are not frames.
                Let a library write the frames.
            INVALID_PADDING: The padding is longer than the frame.
                Let a library write the frames.
            INVALID_SETTING: SETTINGS has a value that the RFC does not permit; a server must not enable push.
                Let a library write the frames.
            INVALID_WINDOW_UPDATE: WINDOW_UPDATE adds nothing to the window, or makes it larger than 2^31-1 bytes.
                Let a library write the frames.
            UNEXPECTED_FRAME: A frame comes where none is allowed: DATA before the head, a frame inside a field block, a frame on a stream that the client did not open, a push that the client refused, or any frame before the server's SETTINGS.
                Let a library write the frames.
            EMPTY_FRAMES: Several empty frames come in a row, as in an attack; Envoy accepts one.
                Do not flush where there is nothing to send.
            STREAM_RESET: The server reset the stream (RST_STREAM) before the end of the response; the error code gives the reason.
                Look at the server's own log at this time.
            STREAM_REFUSED: The server's GOAWAY excludes the stream: the server was shutting down, or limits the age of connections, and did not process the request.
                The request may be sent again; let the server announce the shutdown (GOAWAY with the highest stream) before the real one.
            STREAM_UNFINISHED: The server ended the connection before the response's END_STREAM: the process was killed, or it gave up.
                Let the server drain its streams on SIGTERM; look at its own log at this time.
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
