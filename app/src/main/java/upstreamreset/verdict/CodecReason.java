// SPDX-License-Identifier: Apache-2.0
package upstreamreset.verdict;

import java.util.List;
import java.util.Map;
import upstreamreset.http1.Rule;

/** Which rules a response can have broken when Envoy's codec says so; measured on 1.36.4, 1.39.3 and 1.40.0. */
public final class CodecReason {
    private static final Map<String, List<Rule>> RULES = Map.ofEntries(
            Map.entry(
                    "unsupported transfer encoding",
                    List.of(
                            Rule.DUPLICATE_TRANSFER_ENCODING,
                            Rule.UNSUPPORTED_TRANSFER_ENCODING,
                            Rule.EMPTY_TRANSFER_ENCODING)),
            Map.entry(
                    "both 'Content-Length' and 'Transfer-Encoding' are set.",
                    List.of(Rule.TRANSFER_ENCODING_AND_CONTENT_LENGTH)),
            Map.entry("HPE_UNEXPECTED_CONTENT_LENGTH", List.of(Rule.DUPLICATE_CONTENT_LENGTH)),
            Map.entry("UNPARSABLE_CONTENT_LENGTH", List.of(Rule.INVALID_CONTENT_LENGTH, Rule.DUPLICATE_CONTENT_LENGTH)),
            Map.entry(
                    "INVALID_HEADER_NAME_CHARACTER",
                    List.of(
                            Rule.SPACE_BEFORE_COLON,
                            Rule.INVALID_FIELD_NAME,
                            Rule.FOLD_BEFORE_FIRST_FIELD,
                            Rule.MISSING_COLON)),
            Map.entry("HPE_INVALID_HEADER_TOKEN", List.of(Rule.INVALID_FIELD_NAME, Rule.INVALID_TRAILER)),
            Map.entry("HEADER_MISSING_COLON", List.of(Rule.MISSING_COLON)),
            Map.entry("INVALID_HEADER_FORMAT", List.of(Rule.EMPTY_FIELD_NAME)),
            Map.entry(
                    "header value contains invalid chars",
                    List.of(Rule.INVALID_FIELD_VALUE, Rule.INVALID_REASON_CHARACTER)),
            Map.entry("FAILED_CONVERTING_STATUS_CODE_TO_INT", List.of(Rule.INVALID_STATUS_CODE)),
            Map.entry(
                    "HPE_INVALID_CONSTANT",
                    List.of(
                            Rule.NOT_HTTP,
                            Rule.SPEAKS_TLS,
                            Rule.SPEAKS_HTTP2,
                            Rule.SPEAKS_SSH,
                            Rule.BYTES_BEFORE_STATUS_LINE,
                            Rule.INVALID_HTTP_VERSION)),
            Map.entry(
                    "content length not allowed in 1xx or 204",
                    List.of(Rule.CONTENT_LENGTH_FORBIDDEN, Rule.INVALID_STATUS_CODE)),
            Map.entry("transfer encoding not allowed in 1xx or 204", List.of(Rule.TRANSFER_ENCODING_FORBIDDEN)),
            Map.entry("HPE_INVALID_CHUNK_SIZE", List.of(Rule.INVALID_CHUNK_SIZE, Rule.MISSING_CHUNK_END)),
            Map.entry("CHUNK_LENGTH_OVERFLOW", List.of(Rule.CHUNK_SIZE_OVERFLOW)),
            Map.entry("INVALID_CHUNK_EXTENSION", List.of(Rule.INVALID_CHUNK_EXTENSION, Rule.BARE_LF)),
            Map.entry("HPE_INVALID_EOF_STATE", List.of(Rule.CUT_IN_BODY, Rule.CUT_IN_HEAD)),
            Map.entry("headers size exceeds limit", List.of(Rule.HEAD_TOO_LARGE)),
            Map.entry("headers count exceeds limit", List.of(Rule.TOO_MANY_FIELDS)),
            Map.entry("extraneous data after response complete", List.of(Rule.BYTES_AFTER_END)));

    private CodecReason() {}

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
