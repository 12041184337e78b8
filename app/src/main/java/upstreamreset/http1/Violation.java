// SPDX-License-Identifier: Apache-2.0
package upstreamreset.http1;

/**
 * One violation of a rule, and the bytes that violate it.
 *
 * @param offset where the bytes begin in the stream
 * @param length the number of bytes
 * @param excerpt the bytes in printable form
 */
public record Violation(Rule rule, long offset, int length, String excerpt) {
    public Severity severity() {
        return rule.severity();
    }
}
