// SPDX-License-Identifier: Apache-2.0
package upstreamreset.http1;

import java.util.Arrays;
import upstreamreset.wire.Secrets;

/**
 * One field line of a head or trailer section (RFC 9112 §5), with its place in the stream.
 *
 * @param offset its position in the stream
 * @param length in bytes, with its line end and its folded continuations
 * @param name everything before the colon, as sent, including white space and invalid characters
 * @param value without surrounding white space; a folded line is joined by one space (RFC 9112 §5.2)
 */
public record FieldLine(long offset, int length, String name, String value) {
    /** Whether it has this name, ignoring case (RFC 9110 §5.1) and white space before the colon. */
    public boolean is(String other) {
        return name.stripTrailing().equalsIgnoreCase(other);
    }

    /** Name and value as they may be shown, without their credentials. */
    public String shown() {
        return name + ": " + Secrets.value(name, value);
    }

    /** Whether it is a list with this member, ignoring case (RFC 9110 §5.6.1). */
    boolean lists(String member) {
        return Arrays.stream(value.split(",", -1)).anyMatch(each -> each.strip().equalsIgnoreCase(member));
    }
}
