// SPDX-License-Identifier: Apache-2.0
package upstreamreset.verdict;

import upstreamreset.http1.FramingReport;
import upstreamreset.http1.Rule;
import upstreamreset.http1.Severity;
import upstreamreset.http1.Violation;

/**
 * One rule that a response breaks, by which bytes, why people write that and what to change; the {@code finding} of the
 * JSON vocabulary.
 *
 * @param offset where the bytes begin in what the sender sent on this connection
 * @param length how many they are
 * @param excerpt the bytes, fit for printing
 */
public record Finding(Rule rule, long offset, int length, String excerpt, Severity severity) {
    /** What Envoy refuses by a limit of its own, or by a reading of its own, where the bytes alone break no rule. */
    static Finding of(Rule rule, FramingReport response) {
        return new Finding(rule, response.offset(), response.headLength(), "", rule.severity());
    }

    /** What a violation comes to. */
    static Finding of(Violation violation) {
        return new Finding(
                violation.rule(), violation.offset(), violation.length(), violation.excerpt(), violation.severity());
    }

    /** The same, {@code bytes} further on in what the sender sent. */
    Finding movedBy(long bytes) {
        return new Finding(rule, offset + bytes, length, excerpt, severity);
    }

    public String cause() {
        return Remedy.of(rule).cause();
    }

    public String fix() {
        return Remedy.of(rule).fix();
    }
}
