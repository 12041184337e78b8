// SPDX-License-Identifier: Apache-2.0
package upstreamreset.probe;

import java.time.Duration;
import upstreamreset.http1.CloseReason;
import upstreamreset.http1.Completeness;
import upstreamreset.http1.FramingReport;
import upstreamreset.http1.Rule;
import upstreamreset.http1.Severity;
import upstreamreset.verdict.Outcome;
import upstreamreset.verdict.Verdict;
import upstreamreset.wire.Bytes;

/**
 * One request and the bytes received for it.
 *
 * @param received the raw bytes, including those after the response; the first {@link Limits#KEPT} of them
 * @param total the number of bytes received
 * @param verdict the codec model's
 * @param silent the time without a byte before the exchange ended
 * @param streaming whether the body was still arriving at the limit of time or bytes
 * @param compressible whether the request had Accept-Encoding
 */
public record Exchange(
        FramingReport response,
        Bytes received,
        long total,
        Verdict verdict,
        Duration took,
        Duration silent,
        boolean streaming,
        boolean compressible) {

    /** Judges how it ended: a body that still comes at the limit has no fault in that, and silence is called silence. */
    static Exchange of(Exchange raw, Limits limits) {
        var response = raw.response;
        if (response.closedBy().bySender() || response.complete()) {
            return raw;
        }
        if (raw.total == 0) {
            return raw.with(response.withoutEnd(), raw.verdict, false);
        }
        boolean inBody =
                response.completeness() == Completeness.IN_BODY || response.completeness() == Completeness.IN_TRAILERS;
        boolean coming = raw.total > limits.bytes()
                || raw.silent.compareTo(limits.timeout().dividedBy(2)) < 0
                || response.isEventStream();
        if (!inBody || !coming) {
            return raw;
        }
        var others = response.violations().stream()
                .filter(each -> each.rule() != Rule.NEVER_ENDS)
                .toList();
        var waits = raw.verdict;
        boolean passes = waits.outcome() == Outcome.HANGS
                && others.stream().noneMatch(each -> each.severity() == Severity.ERROR);
        var verdict = passes
                ? new Verdict(
                        Outcome.PASSES, waits.status(), waits.flags(), "via_upstream", waits.message(), waits.version())
                : waits;
        return raw.with(response.with(CloseReason.LEFT, others), verdict, true);
    }

    private Exchange with(FramingReport other, Verdict judged, boolean stillComing) {
        return new Exchange(other, received, total, judged, took, silent, stillComing, compressible);
    }

    /** The same where not the compression is its fault, but what was asked before it on the connection. */
    Exchange asSecond() {
        return new Exchange(response, received, total, verdict, took, silent, streaming, false);
    }

    /** Whether Envoy passes it, and no rule is broken. */
    boolean clean() {
        return verdict.outcome() == Outcome.PASSES
                && response.violations().isEmpty()
                && response.interim().stream()
                        .allMatch(each -> each.violations().isEmpty());
    }
}
