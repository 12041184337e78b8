// SPDX-License-Identifier: Apache-2.0
package upstreamreset.http1;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import upstreamreset.wire.Bytes;
import upstreamreset.wire.Secrets;

/** Reads a header or trailer section line by line and goes on after each violation (RFC 9112 §5). */
final class FieldSection {
    private static final int MAX_FIELDS = 10_000;

    private final List<FieldLine> lines = new ArrayList<>();
    private final Violations violations;
    private boolean overflow;
    /** Whether the last line has no colon, and a credential that its folds continue. */
    private boolean hidden;

    FieldSection(Violations violations) {
        this.violations = violations;
    }

    List<FieldLine> lines() {
        return lines;
    }

    /** Reads one line that is not empty: {@code length} bytes without its line end, {@code whole} with it. */
    void line(byte[] bytes, int length, int whole, long offset) {
        if (bytes[0] == ' ' || bytes[0] == '\t') {
            controls(bytes, 0, length, offset);
            fold(bytes, length, whole, offset);
            return;
        }
        hidden = false;
        int colon = 0;
        while (colon < length && bytes[colon] != ':') {
            colon++;
        }
        controls(bytes, colon == length ? 0 : colon, length, offset);
        if (colon == length) {
            violations.add(Rule.MISSING_COLON, offset, bytes, 0, length);
            hidden = Secrets.in(Arrays.copyOf(bytes, length));
            return;
        }
        name(bytes, colon, offset);
        if (lines.size() == MAX_FIELDS) {
            if (!overflow) {
                violations.add(Rule.TOO_MANY_FIELDS, offset, bytes, 0, length);
                overflow = true;
            }
            return;
        }
        lines.add(new FieldLine(offset, whole, Characters.text(bytes, 0, colon), trimmed(bytes, colon + 1, length)));
    }

    private void name(byte[] bytes, int colon, long offset) {
        int end = colon;
        while (end > 0 && (bytes[end - 1] == ' ' || bytes[end - 1] == '\t')) {
            end--;
        }
        if (end < colon) {
            violations.add(Rule.SPACE_BEFORE_COLON, offset, bytes, 0, colon + 1);
        }
        if (end == 0) {
            violations.add(Rule.EMPTY_FIELD_NAME, offset, bytes, 0, colon + 1);
            return;
        }
        for (int i = 0; i < end; i++) {
            if (!Characters.token(bytes[i])) {
                violations.add(Rule.INVALID_FIELD_NAME, offset, bytes, 0, colon + 1);
                return;
            }
        }
    }

    private void fold(byte[] bytes, int length, int whole, long offset) {
        if (lines.isEmpty()) {
            add(Rule.FOLD_BEFORE_FIRST_FIELD, bytes, length, offset);
            return;
        }
        add(Rule.OBSOLETE_FOLD, bytes, length, offset);
        var folded = lines.removeLast();
        var more = trimmed(bytes, 0, length);
        var value = (folded.value() + " " + (hidden ? Secrets.stars(more.length()) : more)).strip();
        lines.add(new FieldLine(folded.offset(), folded.length() + whole, folded.name(), value));
    }

    /** A control character before {@code value} is the name's fault; a bare CR ends no line anywhere (RFC 9112 §2.2). */
    private void controls(byte[] bytes, int value, int length, long offset) {
        boolean cr = false;
        boolean control = false;
        for (int i = 0; i < length; i++) {
            if (Characters.control(bytes[i])) {
                cr |= bytes[i] == '\r';
                control |= bytes[i] != '\r' && i >= value;
            }
        }
        if (cr) {
            add(Rule.BARE_CR, bytes, length, offset);
        }
        if (control) {
            add(Rule.INVALID_FIELD_VALUE, bytes, length, offset);
        }
    }

    private void add(Rule rule, byte[] bytes, int length, long offset) {
        if (hidden) {
            violations.add(rule, offset, length, Bytes.latin1(Secrets.stars(length)));
        } else {
            violations.add(rule, offset, bytes, 0, length);
        }
    }

    private static String trimmed(byte[] bytes, int from, int to) {
        int start = from;
        int end = to;
        while (start < end && (bytes[start] == ' ' || bytes[start] == '\t')) {
            start++;
        }
        while (start < end && (bytes[end - 1] == ' ' || bytes[end - 1] == '\t')) {
            end--;
        }
        return Characters.text(bytes, start, end);
    }
}
