// SPDX-License-Identifier: Apache-2.0
package upstreamreset.http1;

import java.util.Locale;
import java.util.Optional;

/** The rules that a response can violate: each with a stable id, its section, and the severity of a violation. */
public enum Rule {
    NO_RESPONSE("RFC 9112 §9.6", Severity.ERROR),
    SILENCE("RFC 9112 §9.5", Severity.ERROR),
    SPEAKS_TLS("RFC 9112 §9.7", Severity.ERROR),
    SPEAKS_HTTP2("RFC 9113 §3.4", Severity.ERROR),
    SPEAKS_SSH("RFC 9112 §4", Severity.ERROR),
    TLS_TO_PLAIN_PORT("RFC 9112 §9.7", Severity.ERROR),
    HTTP2_TO_HTTP1_PORT("RFC 9113 §3.3", Severity.ERROR),
    NOT_HTTP("RFC 9112 §4", Severity.ERROR),
    BYTES_BEFORE_STATUS_LINE("RFC 9112 §2.2", Severity.ERROR),
    INVALID_HTTP_VERSION("RFC 9112 §2.3", Severity.WARNING),
    MALFORMED_STATUS_LINE("RFC 9112 §4", Severity.WARNING),
    INVALID_STATUS_CODE("RFC 9110 §15", Severity.ERROR),
    INVALID_REASON_CHARACTER("RFC 9112 §4", Severity.ERROR),
    BARE_LF("RFC 9112 §2.2", Severity.WARNING),
    BARE_CR("RFC 9112 §2.2", Severity.ERROR),
    MISSING_COLON("RFC 9112 §5", Severity.ERROR),
    EMPTY_FIELD_NAME("RFC 9112 §5", Severity.ERROR),
    INVALID_FIELD_NAME("RFC 9110 §5.1", Severity.ERROR),
    SPACE_BEFORE_COLON("RFC 9112 §5.1", Severity.ERROR),
    INVALID_FIELD_VALUE("RFC 9110 §5.5", Severity.ERROR),
    OBSOLETE_FOLD("RFC 9112 §5.2", Severity.WARNING),
    FOLD_BEFORE_FIRST_FIELD("RFC 9112 §2.2", Severity.ERROR),
    HEAD_TOO_LARGE("RFC 9110 §5.4", Severity.ERROR),
    TOO_MANY_FIELDS("RFC 9110 §5.4", Severity.ERROR),
    DUPLICATE_TRANSFER_ENCODING("RFC 9112 §6.1", Severity.ERROR),
    UNSUPPORTED_TRANSFER_ENCODING("RFC 9112 §6.1", Severity.ERROR),
    EMPTY_TRANSFER_ENCODING("RFC 9112 §6.1", Severity.ERROR),
    TRANSFER_ENCODING_AND_CONTENT_LENGTH("RFC 9112 §6.1", Severity.ERROR),
    TRANSFER_ENCODING_FORBIDDEN("RFC 9112 §6.1", Severity.ERROR),
    TRANSFER_ENCODING_IN_HTTP_1_0("RFC 9112 §6.1", Severity.WARNING),
    DUPLICATE_CONTENT_LENGTH("RFC 9112 §6.3", Severity.ERROR),
    INVALID_CONTENT_LENGTH("RFC 9112 §6.3", Severity.ERROR),
    CONTENT_LENGTH_FORBIDDEN("RFC 9110 §8.6", Severity.ERROR),
    INVALID_CHUNK_SIZE("RFC 9112 §7.1", Severity.ERROR),
    CHUNK_SIZE_OVERFLOW("RFC 9112 §7.1", Severity.ERROR),
    INVALID_CHUNK_EXTENSION("RFC 9112 §7.1.1", Severity.ERROR),
    MISSING_CHUNK_END("RFC 9112 §7.1", Severity.ERROR),
    INVALID_TRAILER("RFC 9112 §7.1.2", Severity.ERROR),
    CUT_IN_HEAD("RFC 9112 §8", Severity.ERROR),
    CUT_IN_BODY("RFC 9112 §8", Severity.ERROR),
    NEVER_ENDS("RFC 9112 §6.3", Severity.ERROR),
    INTERIM_ONLY("RFC 9110 §15.2", Severity.ERROR),
    UNASKED_SWITCH("RFC 9110 §15.2.2", Severity.ERROR),
    BYTES_AFTER_END("RFC 9112 §9.2", Severity.WARNING),
    CONNECTION_SPECIFIC_FIELD("RFC 9113 §8.2.2", Severity.ERROR),
    UPPERCASE_FIELD_NAME("RFC 9113 §8.2.1", Severity.ERROR),
    MISSING_STATUS("RFC 9113 §8.3.2", Severity.ERROR),
    INVALID_PSEUDO_HEADER("RFC 9113 §8.3", Severity.ERROR),
    MISPLACED_PSEUDO_HEADER("RFC 9113 §8.3", Severity.ERROR),
    PSEUDO_HEADER_IN_TRAILER("RFC 9113 §8.1", Severity.ERROR),
    CONTENT_LENGTH_MISMATCH("RFC 9113 §8.1.1", Severity.ERROR),
    BODY_FORBIDDEN("RFC 9110 §6.4.1", Severity.ERROR),
    COMPRESSION_ERROR("RFC 9113 §4.3", Severity.ERROR),
    FRAME_SIZE_ERROR("RFC 9113 §4.2", Severity.ERROR),
    INVALID_PADDING("RFC 9113 §6.1", Severity.ERROR),
    INVALID_SETTING("RFC 9113 §6.5.2", Severity.ERROR),
    INVALID_WINDOW_UPDATE("RFC 9113 §6.9", Severity.ERROR),
    UNEXPECTED_FRAME("RFC 9113 §5.1", Severity.ERROR),
    EMPTY_FRAMES("RFC 9113 §10.5", Severity.ERROR),
    STREAM_RESET("RFC 9113 §6.4", Severity.ERROR),
    STREAM_REFUSED("RFC 9113 §6.8", Severity.ERROR),
    STREAM_UNFINISHED("RFC 9113 §8.1", Severity.ERROR);

    private final String section;
    private final Severity severity;

    Rule(String section, Severity severity) {
        this.section = section;
        this.severity = severity;
    }

    /** Whether its bytes are the client's; else they are the server's. */
    public boolean ofClient() {
        return this == TLS_TO_PLAIN_PORT || this == HTTP2_TO_HTTP1_PORT;
    }

    /** The stable id in text and JSON: {@code duplicate-transfer-encoding}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The rule of this id. */
    public static Optional<Rule> ofId(String id) {
        for (var rule : values()) {
            if (rule.id().equals(id)) {
                return Optional.of(rule);
            }
        }
        return Optional.empty();
    }

    /** The section that states it: {@code RFC 9112 §6.1}. */
    public String section() {
        return section;
    }

    public Severity severity() {
        return severity;
    }
}
