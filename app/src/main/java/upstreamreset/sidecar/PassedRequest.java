// SPDX-License-Identifier: Apache-2.0
package upstreamreset.sidecar;

import java.util.List;
import java.util.Optional;
import upstreamreset.accesslog.LogField;
import upstreamreset.accesslog.LoggedExchange;
import upstreamreset.accesslog.ResponseFlag;
import upstreamreset.accesslog.Side;
import upstreamreset.framework.Framework;
import upstreamreset.http1.FieldLine;
import upstreamreset.lab.SidecarLog;
import upstreamreset.verdict.JudgedResponse;
import upstreamreset.verdict.ObservedVerdict;
import upstreamreset.verdict.Outcome;
import upstreamreset.verdict.Verdict;
import upstreamreset.wire.Bytes;

/**
 * A request that passed a sidecar: its access-log line, Envoy's reaction, and the app's response if one came.
 *
 * @param judged the app's response, with Envoy's observed verdict; empty if no bytes of the app were seen
 * @param sent the app's bytes in this exchange; empty in HTTP/2
 * @param lines the field lines of a response in HTTP/2
 * @param refused whether nothing listened at the app's address: the tap had taken Envoy's connection, so Envoy logs UC
 */
public record PassedRequest(
        SidecarLog log,
        Verdict verdict,
        Optional<JudgedResponse> judged,
        Bytes sent,
        List<FieldLine> lines,
        boolean refused) {
    static final int SWITCHED = 101;

    public PassedRequest {
        lines = List.copyOf(lines);
    }

    static PassedRequest of(
            SidecarLog log, String reason, String version, Optional<SeenResponse> seen, boolean refused) {
        var verdict = ObservedVerdict.of(LoggedExchange.of(log.entry()), reason, version);
        return new PassedRequest(
                log,
                verdict,
                seen.map(response -> response.judged(verdict)),
                seen.map(SeenResponse::sent).orElse(Bytes.EMPTY),
                seen.map(SeenResponse::lines).orElse(List.of()),
                refused);
    }

    /** The same where the client got something else than the app sent. */
    PassedRequest damaged() {
        var other = new Verdict(
                Outcome.DAMAGED,
                verdict.status(),
                verdict.flags(),
                verdict.details(),
                verdict.message(),
                verdict.version());
        return new PassedRequest(log, other, judged.map(each -> each.observed(other)), sent, lines, refused);
    }

    /** The same for an app whose framework the user gives. */
    public PassedRequest madeBy(Framework framework) {
        return new PassedRequest(log, verdict, judged.map(each -> each.madeBy(framework)), sent, lines, refused);
    }

    /** Whether Envoy could not reach the app at all. */
    public boolean unreached() {
        return refused || (judged.isEmpty() && LoggedExchange.of(log.entry()).has(ResponseFlag.UF));
    }

    /** Whether the client's sidecar logged it: the fault is in the line of the app's sidecar. */
    boolean atClient() {
        return log.side() == Side.CLIENT;
    }

    /**
     * Whether Envoy did something else than to pass it on, or a rule is broken. A client that left proves nothing, and of a
     * websocket that the app closed Envoy says {@code 101 UC}: that is how they end.
     */
    public boolean wrong() {
        if (atClient()) {
            return false;
        }
        boolean ended = LoggedExchange.of(log.entry()).has(ResponseFlag.DC)
                || (verdict.status() == SWITCHED && verdict.outcome() == Outcome.RESETS_AFTER);
        return (verdict.outcome() != Outcome.PASSES && verdict.outcome() != Outcome.UNKNOWN && !ended)
                || judged.map(response -> !response.findings().isEmpty()).orElse(false);
    }

    /** Whether the app took the connection and closed it without one byte: so a port looks that expects TLS. */
    public boolean closedWithoutAByte() {
        return !atClient() && !refused && verdict.flags().equals("UC") && sent.length() == 0 && lines.isEmpty();
    }

    String id() {
        return log.entry().text(LogField.REQUEST_ID).orElse("");
    }
}
