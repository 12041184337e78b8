// SPDX-License-Identifier: Apache-2.0
package upstreamreset.http1;

import java.util.Arrays;

/**
 * Locates the fields of a section in its bytes, and makes strings only of the fields that a caller reads. It is valid
 * as long as the bytes do not change.
 */
public final class FieldSpans {
    private byte[] bytes = {};
    /** Four offsets a field: the begin of its name, its colon, and the begin and end of its value. */
    private int[] spans = new int[4 * 12];

    private int count;

    /** A bit for each length of a name: most sections have no field that is as long as the one looked for. */
    private long lengths;

    /** Starts again with the fields of {@code section}. */
    public void begin(byte[] section) {
        bytes = section;
        count = 0;
        lengths = 0;
    }

    public void add(int name, int colon, int value, int end) {
        if (4 * count == spans.length) {
            spans = Arrays.copyOf(spans, 2 * spans.length);
        }
        spans[4 * count] = name;
        spans[4 * count + 1] = colon;
        spans[4 * count + 2] = value;
        spans[4 * count + 3] = end;
        count++;
        lengths |= 1L << (colon - name);
    }

    public int count() {
        return count;
    }

    public boolean nameless(int field) {
        return spans[4 * field] == spans[4 * field + 1];
    }

    /** Whether a field's name consists of token characters (RFC 9110 §5.6.2). */
    public boolean validName(int field) {
        for (int i = spans[4 * field]; i < spans[4 * field + 1]; i++) {
            if (!Characters.token(bytes[i])) {
                return false;
            }
        }
        return true;
    }

    /** Whether a field has the name {@code lower}, ignoring case. */
    public boolean named(int field, String lower) {
        int begin = spans[4 * field];
        if (spans[4 * field + 1] - begin != lower.length()) {
            return false;
        }
        for (int i = 0; i < lower.length(); i++) {
            int b = bytes[begin + i];
            if ((b >= 'A' && b <= 'Z' ? b | 0x20 : b) != lower.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** The first field with this name, at or after {@code from}; {@link #count} for none. */
    int next(String lower, int from) {
        int field = (lengths & 1L << lower.length()) == 0 ? count : from;
        while (field < count && !named(field, lower)) {
            field++;
        }
        return field;
    }

    public String name(int field) {
        return Characters.text(bytes, spans[4 * field], spans[4 * field + 1]);
    }

    public String value(int field) {
        return Characters.text(bytes, spans[4 * field + 2], spans[4 * field + 3]);
    }

    /** The value without the white space and the line end around it. */
    String strippedValue(int field) {
        int begin = spans[4 * field + 2];
        int end = spans[4 * field + 3];
        while (begin < end && Characters.space(bytes[begin])) {
            begin++;
        }
        while (end > begin && Characters.space(bytes[end - 1])) {
            end--;
        }
        return Characters.text(bytes, begin, end);
    }
}
