// SPDX-License-Identifier: Apache-2.0
package upstreamreset.verdict;

import java.util.List;
import upstreamreset.http1.FramingReport;
import upstreamreset.http1.Rule;
import upstreamreset.http1.Severity;
import upstreamreset.http1.Violation;
import upstreamreset.wire.Printable;
import upstreamreset.wire.Secrets;

/**
 * One rule that a response breaks, the bytes that break it, the usual cause and the fix; the {@code finding} of the
 * JSON vocabulary.
 *
 * @param offset the position of the bytes in their sender's bytes on this connection: the server's, or the client's if
 *     {@link Rule#ofClient}
 * @param length their number
 * @param excerpt the bytes in printable form
 */
public record Finding(Rule rule, long offset, int length, String excerpt, Severity severity) {
    private static final int MAX_EXCERPT = 100;

    /** Responses that Envoy refuses because of its own limits or interpretation, although the bytes break no rule. */
    static Finding of(Rule rule, FramingReport response) {
        return new Finding(rule, response.offset(), response.headLength(), "", rule.severity());
    }

    /** The effect of a violation in {@code response}. */
    static Finding of(Violation violation, FramingReport response) {
        return new Finding(
                violation.rule(),
                violation.offset(),
                violation.length(),
                excerpt(violation, response),
                violation.severity());
    }

    /** Of a line that holds credentials no more than its name. */
    private static String excerpt(Violation violation, FramingReport response) {
        for (var lines : List.of(response.fields(), response.trailers())) {
            for (var line : lines) {
                if (line.offset() < violation.offset() + violation.length()
                        && violation.offset() < line.offset() + line.length()
                        && Secrets.hides(line.name())) {
                    var excerpt = violation.excerpt();
                    int shown = violation.offset() <= line.offset() ? excerpt.indexOf(':') + 1 : 0;
                    return excerpt.substring(0, shown) + Secrets.stars(excerpt.length() - shown);
                }
            }
        }
        return violation.excerpt();
    }

    /** Client bytes that cannot be a request. */
    public static Finding of(Rule rule, byte[] sent, int length) {
        return new Finding(rule, 0, length, Printable.of(Secrets.bytes(sent), 0, length, MAX_EXCERPT), rule.severity());
    }

    /** The same, {@code bytes} further on in what the server sent. */
    Finding movedBy(long bytes) {
        return rule.ofClient() ? this : new Finding(rule, offset + bytes, length, excerpt, severity);
    }

    public String cause() {
        return Remedy.of(rule).cause();
    }

    public String fix() {
        return Remedy.of(rule).fix();
    }
}
