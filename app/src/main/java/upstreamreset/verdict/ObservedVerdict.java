// SPDX-License-Identifier: Apache-2.0
package upstreamreset.verdict;

import java.util.Set;
import upstreamreset.accesslog.AccessLogEntry;
import upstreamreset.accesslog.LogField;
import upstreamreset.accesslog.LoggedExchange;
import upstreamreset.accesslog.LoggedExchange.Reach;
import upstreamreset.accesslog.ResponseCodeDetails;
import upstreamreset.accesslog.ResponseFlag;
import upstreamreset.http1.CloseReason;
import upstreamreset.http1.FramingReport;

/**
 * Decides what a real Envoy did with a response, from its access-log line, its codec's message, and the client's bytes
 * if they are known. Every command that reads a log line takes its verdict from here.
 *
 * <p>A line alone cannot show {@link Outcome#DAMAGED}: Envoy logs every response that it passes on as {@code
 * via_upstream}, whether or not it is what the sender meant. Such a line is {@link Outcome#PASSES}.
 */
public final class ObservedVerdict {
    private static final Set<ResponseFlag> TIMEOUT_FLAGS =
            Set.of(ResponseFlag.UT, ResponseFlag.SI, ResponseFlag.UMSDR, ResponseFlag.DT);

    /**
     * What was seen on both sides of the proxy.
     *
     * @param calls how often the request reached the upstream
     * @param client the response that the client got
     * @param asSent whether that is what the upstream sent, and meant
     */
    public record Seen(int calls, FramingReport client, boolean asSent) {}

    private ObservedVerdict() {}

    /** The verdict as far as the line tells, without Envoy's version, which no line has. */
    public static Verdict of(LoggedExchange line, String message) {
        return of(line, message, "");
    }

    /** The verdict as far as the line tells, of an Envoy whose version is known. */
    public static Verdict of(LoggedExchange line, String message, String version) {
        return verdict(line, byLine(line), message, version);
    }

    /** The verdict where both sides of the proxy were watched too. */
    public static Verdict of(AccessLogEntry entry, String message, String version, Seen seen) {
        var line = LoggedExchange.of(entry);
        return verdict(line, bySides(line, seen), message, version);
    }

    private static Verdict verdict(LoggedExchange line, Outcome outcome, String message, String version) {
        return new Verdict(
                outcome,
                line.status(),
                line.entry().text(LogField.RESPONSE_FLAGS).orElse("-"),
                line.entry().text(LogField.RESPONSE_CODE_DETAILS).orElse("-"),
                message,
                version);
    }

    private static Outcome byLine(LoggedExchange line) {
        if (line.isTcp()) {
            return line.failed() ? Outcome.UNKNOWN : Outcome.PASSES;
        }
        if (!line.madeHere()) {
            return Outcome.PASSES;
        }
        if (line.reach() == Reach.NOT_ASKED && !line.has(ResponseFlag.UF)) {
            return Outcome.REFUSED;
        }
        var details = line.details();
        if (details.filter(ResponseCodeDetails::resetBeforeResponse).isPresent()) {
            return Outcome.RESETS_BEFORE;
        }
        if (details.filter(ResponseCodeDetails::resetAfterResponse).isPresent()) {
            return afterResponse(line, details.get());
        }
        switch (GrpcReply.of(line)) {
            case CERTAIN -> {
                return timedOut(line) ? Outcome.HANGS : Outcome.RESETS_BEFORE;
            }
            case POSSIBLE -> {
                return Outcome.UNKNOWN;
            }
            case NONE -> {}
        }
        if (line.hadNoResponse() || line.clientLeft()) {
            return Outcome.HANGS;
        }
        if (line.reach() == Reach.UNSAID) {
            return Outcome.UNKNOWN;
        }
        if (!line.saysStatus()) {
            return line.has(ResponseFlag.UF) ? Outcome.RESETS_BEFORE : Outcome.UNKNOWN;
        }
        if (line.status() < 400) {
            return Outcome.RESETS_AFTER;
        }
        return timedOut(line) ? Outcome.HANGS : Outcome.RESETS_BEFORE;
    }

    /** "After the response started" is also said after a 1xx: then the client got Envoy's own reply, of a known length. */
    private static Outcome afterResponse(LoggedExchange line, ResponseCodeDetails details) {
        if (details.cutOnlyTheRequest()) {
            return Outcome.PASSES;
        }
        boolean ownReply = line.status() >= 400
                && details.reason()
                        .filter(reason -> reason.hasBodyLength(
                                line.entry().number(LogField.BYTES_SENT).orElse(-1)))
                        .isPresent();
        return ownReply ? Outcome.RESETS_BEFORE : Outcome.RESETS_AFTER;
    }

    private static boolean timedOut(LoggedExchange line) {
        return line.flags().stream().anyMatch(TIMEOUT_FLAGS::contains)
                || line.details().filter(ResponseCodeDetails::timedOut).isPresent();
    }

    /**
     * Whether the client got the upstream's own head: no reply of Envoy's has such a status, but to a gRPC call. Of a response that
     * has no body, or that it has all of, the client cannot see that it was cut.
     */
    private static boolean gotHead(LoggedExchange line, FramingReport client) {
        return client.status() == line.status()
                && line.status() < 400
                && GrpcReply.of(line) == GrpcReply.Reading.NONE
                && line.details()
                        .filter(ResponseCodeDetails::resetAfterResponse)
                        .isPresent();
    }

    /** The observations of client and upstream take precedence over the line if they contradict it or tell more. */
    private static Outcome bySides(LoggedExchange line, Seen seen) {
        var outcome = byLine(line);
        var client = seen.client();
        boolean reset = line.details().filter(ResponseCodeDetails::isReset).isPresent();
        if (seen.calls() == 0 && !(reset && outcome == Outcome.RESETS_BEFORE)) {
            return Outcome.REFUSED;
        }
        boolean cut = client.status() != 0 && !client.complete();
        return switch (outcome) {
            case RESETS_BEFORE -> cut ? Outcome.RESETS_AFTER : outcome;
            case RESETS_AFTER -> cut || gotHead(line, client) ? outcome : reset ? Outcome.RESETS_BEFORE : Outcome.HANGS;
            case UNKNOWN -> cut ? Outcome.RESETS_AFTER : outcome;
            case PASSES -> {
                if (seen.asSent() && !cut) {
                    yield outcome;
                }
                if (reset) {
                    yield Outcome.RESETS_AFTER;
                }
                yield cut && client.closedBy() == CloseReason.OPEN ? Outcome.HANGS : Outcome.DAMAGED;
            }
            case HANGS, REFUSED, DAMAGED -> outcome;
        };
    }
}
