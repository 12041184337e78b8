// SPDX-License-Identifier: Apache-2.0
package upstreamreset.verdict;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import upstreamreset.accesslog.Table;
import upstreamreset.http1.Rule;

/**
 * The rules that a response may have broken, by the message of Envoy's codec; measured on 1.36.4, 1.39.3 and 1.40.0.
 * The words of http_parser (Envoy before 1.28, Istio before 1.20) and of llhttp (Node) are from their sources.
 */
public final class CodecReason {
    private static final Map<String, List<Rule>> RULES = Table.parse("""
            unsupported transfer encoding: DUPLICATE_TRANSFER_ENCODING UNSUPPORTED_TRANSFER_ENCODING EMPTY_TRANSFER_ENCODING
            both 'Content-Length' and 'Transfer-Encoding' are set.: TRANSFER_ENCODING_AND_CONTENT_LENGTH
            HPE_UNEXPECTED_CONTENT_LENGTH: DUPLICATE_CONTENT_LENGTH TRANSFER_ENCODING_AND_CONTENT_LENGTH
            HPE_INVALID_CONTENT_LENGTH: INVALID_CONTENT_LENGTH
            HPE_INVALID_TRANSFER_ENCODING: UNSUPPORTED_TRANSFER_ENCODING TRANSFER_ENCODING_AND_CONTENT_LENGTH DUPLICATE_TRANSFER_ENCODING
            HPE_INVALID_STATUS: INVALID_STATUS_CODE
            HPE_INVALID_VERSION: INVALID_HTTP_VERSION NOT_HTTP
            HPE_HEADER_OVERFLOW: HEAD_TOO_LARGE
            HPE_LF_EXPECTED: BARE_CR
            HPE_CR_EXPECTED: BARE_LF
            HPE_STRICT: MISSING_CHUNK_END BARE_LF
            HPE_CLOSED_CONNECTION: BYTES_AFTER_END
            UNPARSABLE_CONTENT_LENGTH: INVALID_CONTENT_LENGTH DUPLICATE_CONTENT_LENGTH
            INVALID_HEADER_NAME_CHARACTER: SPACE_BEFORE_COLON INVALID_FIELD_NAME FOLD_BEFORE_FIRST_FIELD MISSING_COLON
            HPE_INVALID_HEADER_TOKEN: INVALID_FIELD_NAME INVALID_TRAILER INVALID_FIELD_VALUE SPACE_BEFORE_COLON MISSING_COLON
            HEADER_MISSING_COLON: MISSING_COLON
            INVALID_HEADER_FORMAT: EMPTY_FIELD_NAME
            INVALID_HEADER_CHARACTER: INVALID_FIELD_VALUE
            header value contains invalid chars: INVALID_FIELD_VALUE INVALID_REASON_CHARACTER
            FAILED_CONVERTING_STATUS_CODE_TO_INT: INVALID_STATUS_CODE
            HPE_INVALID_CONSTANT: NOT_HTTP SPEAKS_TLS SPEAKS_HTTP2 SPEAKS_SSH BYTES_BEFORE_STATUS_LINE INVALID_HTTP_VERSION
            content length not allowed in 1xx or 204: CONTENT_LENGTH_FORBIDDEN INVALID_STATUS_CODE
            transfer encoding not allowed in 1xx or 204: TRANSFER_ENCODING_FORBIDDEN
            HPE_INVALID_CHUNK_SIZE: INVALID_CHUNK_SIZE MISSING_CHUNK_END
            CHUNK_LENGTH_OVERFLOW: CHUNK_SIZE_OVERFLOW
            INVALID_CHUNK_EXTENSION: INVALID_CHUNK_EXTENSION BARE_LF
            HPE_INVALID_EOF_STATE: CUT_IN_BODY CUT_IN_HEAD
            headers size exceeds limit: HEAD_TOO_LARGE
            header size exceeds limit: HEAD_TOO_LARGE
            trailers size exceeds limit: INVALID_TRAILER
            headers count exceeds limit: TOO_MANY_FIELDS
            extraneous data after response complete: BYTES_AFTER_END
            """).entrySet().stream()
            .collect(Collectors.toMap(
                    Map.Entry::getKey,
                    row -> Arrays.stream(row.getValue().split(" ", -1))
                            .map(Rule::valueOf)
                            .toList()));

    private CodecReason() {}

    /** The message in {@code line}, alone or after a logger's prefix; the longest of several. */
    public static Optional<String> in(String line) {
        var longest = "";
        for (var message : RULES.keySet()) {
            if (message.length() > longest.length() && stands(message, line)) {
                longest = message;
            }
        }
        return longest.isEmpty() ? Optional.empty() : Optional.of(longest);
    }

    private static boolean stands(String message, String line) {
        int at = line.indexOf(message);
        return at >= 0 && isBoundary(line, at - 1) && isBoundary(line, at + message.length());
    }

    private static boolean isBoundary(String line, int at) {
        return at < 0 || at >= line.length() || !(Character.isLetterOrDigit(line.charAt(at)) || line.charAt(at) == '_');
    }

    /** The most likely first; none for an unknown message. */
    public static List<Rule> rules(String message) {
        return RULES.getOrDefault(message.strip(), List.of());
    }

    /** The same where the status that the client got is known: a cut head is a 502, a cut body comes after a 200. */
    public static List<Rule> rules(String message, int status) {
        var rules = rules(message);
        if (rules.contains(Rule.CUT_IN_HEAD)) {
            return List.of(status >= 400 ? Rule.CUT_IN_HEAD : Rule.CUT_IN_BODY);
        }
        return rules;
    }
}
