// SPDX-License-Identifier: Apache-2.0
package upstreamreset.http2;

import java.util.Set;
import java.util.function.BiConsumer;
import upstreamreset.http1.Characters;
import upstreamreset.http1.FieldLine;
import upstreamreset.http1.Rule;

/**
 * The rules for the fields of one block of a response (RFC 9113 §8.2, §8.3), and the two fields that decide how the
 * response continues.
 */
final class FieldRules {
    private static final Set<String> CONNECTION_SPECIFIC =
            Set.of("connection", "proxy-connection", "keep-alive", "transfer-encoding", "upgrade");
    private static final int MAX_DIGITS = 18;

    private final boolean trailers;
    private final BiConsumer<Rule, FieldLine> broken;
    private boolean regular;
    private boolean hasStatus;
    private int status;
    private boolean hasLength;
    private long length = -1;
    private FieldLine lengthLine = new FieldLine(0, 0, "", "");

    /** {@code broken} gets each violation. */
    FieldRules(boolean trailers, BiConsumer<Rule, FieldLine> broken) {
        this.trailers = trailers;
        this.broken = broken;
    }

    /** Whether :status has come, valid or not. */
    boolean hasStatus() {
        return hasStatus;
    }

    /** 0 if it is missing or no number of three digits. */
    int status() {
        return status;
    }

    /** The value of content-length; -1 without a valid one. */
    long length() {
        return length;
    }

    boolean hasLength() {
        return hasLength;
    }

    FieldLine lengthLine() {
        return lengthLine;
    }

    void check(FieldLine line) {
        var name = line.name();
        if (name.startsWith(":")) {
            pseudo(line);
            return;
        }
        regular = true;
        if (name.isEmpty()) {
            broken.accept(Rule.EMPTY_FIELD_NAME, line);
        } else if (!token(name)) {
            broken.accept(Rule.INVALID_FIELD_NAME, line);
        } else if (name.chars().anyMatch(c -> c >= 'A' && c <= 'Z')) {
            broken.accept(Rule.UPPERCASE_FIELD_NAME, line);
        } else if (CONNECTION_SPECIFIC.contains(name)
                || (name.equals("te") && !line.value().equals("trailers"))) {
            broken.accept(Rule.CONNECTION_SPECIFIC_FIELD, line);
        } else if (name.equals("content-length") && !trailers) {
            contentLength(line);
        }
        if (line.value().chars().anyMatch(c -> Characters.control((byte) c))) {
            broken.accept(Rule.INVALID_FIELD_VALUE, line);
        }
    }

    private void pseudo(FieldLine line) {
        if (trailers) {
            broken.accept(Rule.PSEUDO_HEADER_IN_TRAILER, line);
        } else if (!line.name().equals(":status") || hasStatus) {
            broken.accept(Rule.INVALID_PSEUDO_HEADER, line);
        } else {
            hasStatus = true;
            if (regular) {
                broken.accept(Rule.MISPLACED_PSEUDO_HEADER, line);
            }
            status(line);
        }
    }

    private void status(FieldLine line) {
        var value = line.value();
        if (value.length() == 3 && digits(value)) {
            status = Integer.parseInt(value);
        }
        if (status == 101) {
            broken.accept(Rule.UNASKED_SWITCH, line);
        } else if (status < 100 || status > 599) {
            broken.accept(Rule.INVALID_STATUS_CODE, line);
        }
    }

    private void contentLength(FieldLine line) {
        var value = line.value();
        if (hasLength) {
            broken.accept(Rule.DUPLICATE_CONTENT_LENGTH, line);
        } else if (value.isEmpty() || value.length() > MAX_DIGITS || !digits(value)) {
            broken.accept(Rule.INVALID_CONTENT_LENGTH, line);
        } else {
            length = Long.parseLong(value);
            lengthLine = line;
        }
        hasLength = true;
    }

    private static boolean digits(String text) {
        return text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private static boolean token(String name) {
        return name.chars().allMatch(c -> Characters.token((byte) c));
    }
}
