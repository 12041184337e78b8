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
            NO_RESPONSE: The server closed the connection, or kept silent, without one byte: it crashed, its \
            keep-alive timeout raced the request, or it expects TLS.
                Look at the server's own log; give it a longer keep-alive timeout than the client's idle timeout.
            SILENCE: The server took the request and sent not one byte within the timeout: it is still at work, waits for something \
            itself, or expects another protocol.
                Look at the server's own log at this time; ask with a longer --timeout, which tells a slow server from one that hangs.
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
            HEAD_TOO_LARGE: The head is larger than Envoy takes (80 KiB by default, 60 KiB in HTTP/2): cookies or tokens that grow.
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
            NEVER_ENDS: The response has no end: its length lies, the last chunk is missing, or nothing frames it and the \
            connection stays open; or it is a stream, and pauses longer than was waited for.
                End chunked bodies with the last chunk; without any framing, close the connection.
            INTERIM_ONLY: After a 1xx response the final one did not come.
                Look at the server's own log at this time.
            UNASKED_SWITCH: The server switches protocols (101) although nobody asked for it.
                Answer 101 only to a request with Upgrade.
            BYTES_AFTER_END: Bytes follow the end of the response: a body with 204, 304 or HEAD, a Content-Length \
            that is too small, or a second response. The next request on the connection can get them.
                Send exactly what the head announces, and no body with 204, 304 and HEAD.
            CONNECTION_SPECIFIC_FIELD: Code that sets Connection, Keep-Alive, Transfer-Encoding or Upgrade, or copies them from \
            another response, runs on an HTTP/2 server.
                Do not set them: HTTP/2 frames the body, and keeps the connection. When proxying, drop the hop-by-hop fields of the other response.
            UPPERCASE_FIELD_NAME: A field name has capital letters, as in HTTP/1: hand-written HTTP/2.
                Write names in small letters.
            MISSING_STATUS: The response has no :status: hand-written HTTP/2, or trailers that were sent as the first head.
                Send :status first.
            INVALID_PSEUDO_HEADER: A pseudo-header other than one :status is in a response: fields of a request were copied, or :status is set twice.
                Send one :status and no other pseudo-header.
            MISPLACED_PSEUDO_HEADER: :status stands behind other fields.
                Send :status first.
            PSEUDO_HEADER_IN_TRAILER: A pseudo-header is in the trailer section: the status was sent again.
                Send no pseudo-header in trailers.
            CONTENT_LENGTH_MISMATCH: content-length is not what the DATA frames have: the length in characters and the body in bytes, \
            a body that was compressed afterwards, or a server that gave up.
                Leave content-length to the server, or count bytes after encoding.
            BODY_FORBIDDEN: A response to HEAD, or one with 204 or 304, has DATA.
                Send no body with 204, 304 and HEAD.
            COMPRESSION_ERROR: A field block cannot be decoded: a proxy that cuts or mixes frames, or hand-written HPACK.
                Let a library write the frames.
            FRAME_SIZE_ERROR: A frame has a length that its type or the client's SETTINGS do not permit: hand-written HTTP/2, or bytes that are no frames.
                Let a library write the frames.
            INVALID_PADDING: The padding is longer than the frame.
                Let a library write the frames.
            INVALID_SETTING: SETTINGS has a value that the RFC does not permit; a server must not enable push.
                Let a library write the frames.
            INVALID_WINDOW_UPDATE: WINDOW_UPDATE adds nothing to the window, or makes it larger than 2^31-1 bytes.
                Let a library write the frames.
            UNEXPECTED_FRAME: A frame stands where it must not: DATA before the head, a frame inside a field block, on a stream that nobody \
            opened, a push that the client refused, or anything before the server's SETTINGS.
                Let a library write the frames.
            EMPTY_FRAMES: Several empty frames come in a row, as in an attack; Envoy takes one.
                Do not flush where there is nothing to send.
            STREAM_RESET: The server gave the stream up (RST_STREAM) before the response was over; the error code says what it means by that.
                Look at the server's own log at this time.
            STREAM_REFUSED: The server's GOAWAY leaves the stream out: it was shutting down, or limits the age of connections, and did not \
            process the request.
                The request may be sent again; let the server announce the shutdown (GOAWAY with the highest stream) before the real one.
            STREAM_UNFINISHED: The server ended the connection, and the response has no END_STREAM: the process was killed, or it gave up.
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
