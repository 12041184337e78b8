// SPDX-License-Identifier: Apache-2.0
package upstreamreset.probe;

import java.time.Duration;
import java.util.List;
import upstreamreset.http1.BodyFraming;
import upstreamreset.http1.CloseReason;
import upstreamreset.http1.Completeness;
import upstreamreset.http1.FramingReport;
import upstreamreset.http1.Rule;
import upstreamreset.http1.Severity;
import upstreamreset.http1.Violation;
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
 * @param streaming whether the response was still arriving at the limit of time or bytes
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
            // A protocol that was asked for has begun, and Envoy passes its bytes on.
            boolean tunnel = response.framing().kind() == BodyFraming.Kind.TUNNEL
                    && !response.closedBy().bySender()
                    && raw.waits(response.violations());
            return tunnel ? raw.with(response, raw.passing(), false) : raw;
        }
        if (raw.total == 0) {
            return raw.with(response.withoutEnd(), raw.verdict, false);
        }
        boolean inBody =
                response.completeness() == Completeness.IN_BODY || response.completeness() == Completeness.IN_TRAILERS;
        boolean coming = raw.total > limits.bytes()
                || raw.silent.compareTo(limits.timeout().dividedBy(2)) < 0
                || (inBody && response.isEventStream());
        if (!coming || response.completeness() == Completeness.UNREADABLE) {
            return raw;
        }
        var others = response.violations().stream()
                .filter(each -> each.rule() != Rule.NEVER_ENDS && each.rule() != Rule.INTERIM_ONLY)
                .toList();
        var verdict = inBody && raw.waits(others) ? raw.passing() : raw.verdict;
        return raw.with(response.with(CloseReason.LEFT, others), verdict, true);
    }

    /** Whether Envoy waits, and nothing else is wrong. */
    private boolean waits(List<Violation> violations) {
        return verdict.outcome() == Outcome.HANGS
                && violations.stream().noneMatch(each -> each.severity() == Severity.ERROR);
    }

    private Verdict passing() {
        return new Verdict(
                Outcome.PASSES,
                verdict.status(),
                verdict.flags(),
                "via_upstream",
                verdict.message(),
                verdict.version());
    }

    /** The same of a port that closes without a byte under HTTP/1.1, since it speaks something else. */
    Exchange speaking(Rule other) {
        var violations = response.violations().stream()
                .map(each -> each.rule() == Rule.NO_RESPONSE
                        ? new Violation(other, each.offset(), each.length(), each.excerpt())
                        : each)
                .toList();
        return with(response.with(response.closedBy(), violations), verdict, streaming);
    }

    /** Whether the server closed the connection without an answer. */
    boolean closedWithoutAByte() {
        return total == 0 && response.closedBy().bySender();
    }

    /** Whether the head was still coming when the time was up, and what there is of it breaks no rule. */
    boolean headIsComing() {
        return streaming
                && (response.completeness() == Completeness.NOTHING || response.completeness() == Completeness.IN_HEAD)
                && response.violations().isEmpty()
                && verdict.outcome() == Outcome.HANGS;
    }

    private Exchange with(FramingReport other, Verdict judged, boolean stillComing) {
        return new Exchange(other, received, total, judged, took, silent, stillComing, compressible);
    }

    /** The same, if the previous request on the connection is the cause, not the compression. */
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
