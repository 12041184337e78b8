// SPDX-License-Identifier: Apache-2.0
package upstreamreset.http1;

/**
 * One breach of a rule, and the bytes that make it.
 *
 * @param offset where the bytes begin in the stream
 * @param length how many they are
 * @param excerpt the bytes, fit for printing
 */
public record Violation(Rule rule, long offset, int length, String excerpt) {
    public Severity severity() {
        return rule.severity();
    }
}
