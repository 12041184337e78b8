// SPDX-License-Identifier: Apache-2.0
package upstreamreset.http1;

/**
 * One field line of a head or trailer section (RFC 9112 §5), where it stands and what it says.
 *
 * @param offset where it begins in the stream
 * @param length its bytes, line end and folded continuations included
 * @param name everything before the colon, as sent: also white space and wrong characters
 * @param value without the white space around it; a folded line is joined by one space (RFC 9112 §5.2)
 */
public record FieldLine(long offset, int length, String name, String value) {
    /** Whether it is this field: names are case-insensitive (RFC 9110 §5.1), and white space before the colon counts not. */
    public boolean is(String other) {
        int length = name.length();
        boolean padded = length > other.length() && Character.isWhitespace(name.charAt(length - 1));
        return (padded ? name.strip() : name).equalsIgnoreCase(other);
    }
}
