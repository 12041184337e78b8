// SPDX-License-Identifier: Apache-2.0
package upstreamreset.verdict;

import upstreamreset.http1.Rule;

/** Why people break a rule, and what to change: one entry for every rule. */
public record Remedy(String cause, String fix) {
    private static final String LEAVE_FRAMING =
            "Let the server or library write the framing; do not write chunks or Transfer-Encoding by hand.";
    private static final String HTTP_LIBRARY = "Write heads with an HTTP library, not with string concatenation.";
    private static final String FIX_PORT =
            "Correct the port, or the protocol that it is declared with (the Service's port name or appProtocol).";

    public static Remedy of(Rule rule) {
        return switch (rule) {
            case NO_RESPONSE ->
                new Remedy(
                        "The server closed the connection, or kept silent, without one byte: it crashed, its keep-alive"
                                + " timeout raced the request, or it expects TLS.",
                        "Look at the server's own log; give it a longer keep-alive timeout than the client's idle timeout.");
            case SPEAKS_TLS ->
                new Remedy(
                        "The port speaks TLS, and was asked in plain text.", "Ask with https, or " + lower(FIX_PORT));
            case SPEAKS_HTTP2 ->
                new Remedy(
                        "The port speaks HTTP/2 only (a gRPC server, for one), and was asked in HTTP/1.1.",
                        "Declare the port http2 or grpc, or enable HTTP/1.1 in the server.");
            case SPEAKS_SSH -> new Remedy("The port is an SSH server's.", FIX_PORT);
            case NOT_HTTP -> new Remedy("What answers is no HTTP server, or it sends a body without a head.", FIX_PORT);
            case BYTES_BEFORE_STATUS_LINE ->
                new Remedy(
                        "Something is written before the status line, often an empty line after the previous body.",
                        "Write nothing but the body that the previous Content-Length announced.");
            case INVALID_HTTP_VERSION ->
                new Remedy("The status line names a version that HTTP/1.1 does not know.", "Send HTTP/1.1.");
            case MALFORMED_STATUS_LINE ->
                new Remedy(
                        "The status line is not \"HTTP/1.1 200 OK\": one space each, also before an empty reason.",
                        HTTP_LIBRARY);
            case INVALID_STATUS_CODE ->
                new Remedy(
                        "The code is no number from 100 to 599: a business code or an uninitialised variable.",
                        "Send a status that HTTP knows, and your own code in the body.");
            case INVALID_REASON_CHARACTER ->
                new Remedy("An error text went into the reason phrase unescaped.", "Send the standard phrase or none.");
            case BARE_LF -> new Remedy("Lines end in LF alone: printf or println with \\n.", "End each line in CR LF.");
            case BARE_CR ->
                new Remedy(
                        "A value holds a carriage return: text from a file or a form was copied into a field.",
                        "Remove line ends from what goes into a field, or encode it.");
            case MISSING_COLON -> new Remedy("A line in the head is no field.", HTTP_LIBRARY);
            case EMPTY_FIELD_NAME ->
                new Remedy(
                        "A field has no name; an HTTP/2 pseudo-header such as :status was copied, for one.",
                        "Do not copy fields without a name, nor pseudo-headers.");
            case INVALID_FIELD_NAME ->
                new Remedy(
                        "A field name has a character that no token may have.",
                        "Name fields with letters, digits and -.");
            case SPACE_BEFORE_COLON ->
                new Remedy("White space stands between the name and the colon.", "Write \"Name: value\".");
            case INVALID_FIELD_VALUE ->
                new Remedy(
                        "A control character is in the head: binary or user text was copied into a field.",
                        "Encode what goes into a field (percent, Base64).");
            case OBSOLETE_FOLD ->
                new Remedy(
                        "A field goes on in the next line, as long certificates and cookies do when they are wrapped.",
                        "Write each field on one line.");
            case FOLD_BEFORE_FIRST_FIELD ->
                new Remedy("White space begins the first line after the status line.", HTTP_LIBRARY);
            case HEAD_TOO_LARGE ->
                new Remedy(
                        "The head is larger than Envoy takes (80 KiB by default): cookies or tokens that grow.",
                        "Send less in fields; or raise max_response_headers_kb.");
            case TOO_MANY_FIELDS ->
                new Remedy(
                        "There are more fields than Envoy takes (100 by default): one Set-Cookie or Link for each item.",
                        "Send fewer fields; or raise max_headers_count in the cluster's common_http_protocol_options.");
            case DUPLICATE_TRANSFER_ENCODING ->
                new Remedy(
                        "The code sets Transfer-Encoding itself (or copies it from another response), and the server adds its"
                                + " own: two lines, which mean chunked twice.",
                        "Do not set or copy Transfer-Encoding: the server frames the body. When proxying, drop the hop-by-hop"
                                + " fields of the other response.");
            case UNSUPPORTED_TRANSFER_ENCODING ->
                new Remedy(
                        "Transfer-Encoding says something else than chunked: compression belongs into Content-Encoding.",
                        "Compress with Content-Encoding. " + LEAVE_FRAMING);
            case EMPTY_TRANSFER_ENCODING ->
                new Remedy("The code sets Transfer-Encoding to nothing instead of removing it.", LEAVE_FRAMING);
            case TRANSFER_ENCODING_AND_CONTENT_LENGTH ->
                new Remedy(
                        "Content-Length and Transfer-Encoding are both set: fields were copied from another response, and the"
                                + " server added its own.",
                        "When proxying, drop Content-Length and Transfer-Encoding of the other response.");
            case TRANSFER_ENCODING_FORBIDDEN ->
                new Remedy(
                        "A response without a body (1xx, 204) says that it is chunked: the field is set for every response.",
                        "Set no Transfer-Encoding with 1xx and 204.");
            case TRANSFER_ENCODING_IN_HTTP_1_0 ->
                new Remedy("An HTTP/1.0 response is chunked, which HTTP/1.0 does not know.", "Answer as HTTP/1.1.");
            case DUPLICATE_CONTENT_LENGTH ->
                new Remedy(
                        "The code sets Content-Length, and so does the server.", "Leave Content-Length to the server.");
            case INVALID_CONTENT_LENGTH ->
                new Remedy(
                        "Content-Length is no plain number: a sign, a unit, an unset -1, a list.",
                        "Leave Content-Length to the server.");
            case CONTENT_LENGTH_FORBIDDEN ->
                new Remedy(
                        "A response without a body (1xx, 204) announces one; Envoy lets only 0 pass.",
                        "Answer 200 with a body, or 204 without Content-Length.");
            case INVALID_CHUNK_SIZE ->
                new Remedy(
                        "Where a chunk size should stand is something else: the body was written unchunked under a chunked"
                                + " head, or a chunk is longer than its size.",
                        LEAVE_FRAMING);
            case CHUNK_SIZE_OVERFLOW -> new Remedy("A chunk claims more than 2^64 bytes.", LEAVE_FRAMING);
            case INVALID_CHUNK_EXTENSION ->
                new Remedy("What follows the chunk size is no extension, or has a bare CR or LF.", LEAVE_FRAMING);
            case MISSING_CHUNK_END ->
                new Remedy(
                        "A chunk's data does not end where its size says: the length was counted in characters, not in"
                                + " bytes.",
                        "Count bytes after encoding. " + LEAVE_FRAMING);
            case INVALID_TRAILER -> new Remedy("A line after the last chunk is no field.", LEAVE_FRAMING);
            case CUT_IN_HEAD ->
                new Remedy(
                        "The server closed in the middle of the head: it crashed while it wrote.",
                        "Look at the server's own log at this time.");
            case CUT_IN_BODY ->
                new Remedy(
                        "The body is shorter than announced: the server crashed or gave up, or Content-Length was computed"
                                + " before the content changed (compression, encoding).",
                        "Look at the server's own log at this time; leave Content-Length to the server.");
            case NEVER_ENDS ->
                new Remedy(
                        "The response has no end: its length lies, the last chunk is missing, or nothing frames it and the"
                                + " connection stays open.",
                        "End chunked bodies with the last chunk; without any framing, close the connection.");
            case INTERIM_ONLY ->
                new Remedy(
                        "After a 1xx response the final one did not come.",
                        "Look at the server's own log at this time.");
            case UNASKED_SWITCH ->
                new Remedy(
                        "The server switches protocols (101) although nobody asked for it.",
                        "Answer 101 only to a request with Upgrade.");
            case BYTES_AFTER_END ->
                new Remedy(
                        "Bytes follow the end of the response: a body with 204, 304 or HEAD, a Content-Length that is too"
                                + " small, or a second response. The next request on the connection can get them.",
                        "Send exactly what the head announces, and no body with 204, 304 and HEAD.");
        };
    }

    private static String lower(String sentence) {
        return Character.toLowerCase(sentence.charAt(0)) + sentence.substring(1);
    }
}
