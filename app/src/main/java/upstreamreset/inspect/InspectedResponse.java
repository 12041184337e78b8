// SPDX-License-Identifier: Apache-2.0
package upstreamreset.inspect;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import upstreamreset.framework.Framework;
import upstreamreset.http1.BodyFraming;
import upstreamreset.http1.CloseReason;
import upstreamreset.http1.FieldLine;
import upstreamreset.http1.FramingReport;
import upstreamreset.tcp.Endpoints;
import upstreamreset.verdict.Finding;
import upstreamreset.verdict.JudgedResponse;
import upstreamreset.verdict.Outcome;
import upstreamreset.verdict.Verdict;

/**
 * A response that was found in a capture.
 *
 * @param stream the connection, as Wireshark numbers it ({@code tcp.stream})
 * @param offset the response's position in the bytes that the server sent on the connection
 * @param wire the response as it was read; its offsets count from its beginning, those of the findings from the
 *     connection's
 * @param idle how long the connection had been idle before the request; empty for the first request on it
 * @param unasked whether it had no request: the server ended an idle connection with it
 * @param notes the capture's gaps and other facts, one sentence each
 * @param http2 the properties of HTTP/2, if it came in HTTP/2
 */
public record InspectedResponse(
        JudgedResponse judged,
        int stream,
        Endpoints endpoints,
        long offset,
        FramingReport wire,
        Optional<Duration> idle,
        boolean unasked,
        List<String> notes,
        Optional<Http2Stream> http2) {
    private static final long LINE_BYTES = 200;

    public InspectedResponse {
        notes = List.copyOf(notes);
    }

    /** The same response of the same capture, as far as either shows of it. */
    boolean sameAs(InspectedResponse other) {
        return stream == other.stream && offset == other.offset && http2Id() == other.http2Id();
    }

    private int http2Id() {
        return http2.isPresent() ? http2.get().id() : 0;
    }

    /** The field lines of its head, and in HTTP/2 those of its trailers. */
    List<FieldLine> lines() {
        if (http2.isEmpty() || wire.trailers().isEmpty()) {
            return wire.fields();
        }
        var lines = new ArrayList<>(wire.fields());
        lines.addAll(wire.trailers());
        return lines;
    }

    /** Its status as a word of a sentence. */
    String statusText() {
        if (judged.status() != 0) {
            return Integer.toString(judged.status());
        }
        return http2.isPresent() && http2.get().statusUnknown() ? "unknown status" : "no response";
    }

    /** Whether it came in HTTP/2. */
    public boolean inHttp2() {
        return http2.isPresent();
    }

    /** The same where the client spoke another protocol: {@code first} says which, {@code real} what Envoy does with that. */
    InspectedResponse misdirected(Finding first, Verdict real) {
        return with(judged.misdirected(first, real));
    }

    /** The same from a server whose framework the user gives. */
    public InspectedResponse madeBy(Framework framework) {
        return with(judged.madeBy(framework));
    }

    private InspectedResponse with(JudgedResponse other) {
        return new InspectedResponse(other, stream, endpoints, offset, wire, idle, unasked, notes, http2);
    }

    /** The same with one more note. */
    InspectedResponse noted(String note) {
        var more = new ArrayList<>(notes);
        more.add(note);
        return new InspectedResponse(judged, stream, endpoints, offset, wire, idle, unasked, more, http2);
    }

    /** About how much memory it takes, in bytes: heads are kept, bodies are not. */
    public long held() {
        return held(wire);
    }

    private static long held(FramingReport report) {
        return report.headLength()
                + LINE_BYTES * (report.fields().size() + report.trailers().size())
                + report.interim().stream().mapToLong(InspectedResponse::held).sum();
    }

    /** Whether there is anything to find fault with. */
    public boolean remarkable() {
        return !judged.findings().isEmpty() || !(harmless(judged.envoy().outcome()) || tunnelEnded());
    }

    /** Whether there is anything to say about it. */
    boolean notable() {
        return unasked || remarkable() || (http2.isPresent() && http2.get().failed());
    }

    /** A client that leaves in the middle of a head proves nothing of the server. */
    private boolean harmless(Outcome outcome) {
        return outcome == Outcome.PASSES
                || outcome == Outcome.UNKNOWN
                || (outcome == Outcome.HANGS && wire.closedBy() == CloseReason.LEFT);
    }

    /** Envoy says {@code 101 UC} of every websocket that the server closes: that is how they end. */
    private boolean tunnelEnded() {
        return wire.framing().kind() == BodyFraming.Kind.TUNNEL
                && judged.envoy().outcome() == Outcome.RESETS_AFTER;
    }
}
