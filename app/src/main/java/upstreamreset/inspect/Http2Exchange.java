// SPDX-License-Identifier: Apache-2.0
package upstreamreset.inspect;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import upstreamreset.codec.EnvoyHttp2;
import upstreamreset.http1.CloseReason;
import upstreamreset.http1.RequestContext;
import upstreamreset.http2.FieldDecoder.Fields;
import upstreamreset.http2.StreamResponse;
import upstreamreset.tcp.Endpoints;
import upstreamreset.verdict.JudgedResponse;

/** One request on a stream of HTTP/2, and its response as it arrives. */
final class Http2Exchange {
    private static final long EMPTY_BYTES = 400;
    private static final int MAX_NOTES = 10;
    private static final String UNKNOWN = "?";

    private final int stream;
    private final StreamResponse response = new StreamResponse();
    private RequestContext context = RequestContext.UNKNOWN;
    private JudgedResponse.Request request = new JudgedResponse.Request(UNKNOWN, UNKNOWN, Optional.empty());
    private String authority = "";
    private List<String> notes = List.of();
    private final Http2Window window = new Http2Window();
    private boolean requested;
    private boolean seenInPart;
    private long begun;
    private long nanos;

    /** {@code nanos} is when its first frame came, in either direction. */
    Http2Exchange(int stream, long nanos) {
        this.stream = stream;
        this.begun = nanos;
        this.nanos = nanos;
    }

    int stream() {
        return stream;
    }

    /** The window that the server gives the client on it. */
    Http2Window window() {
        return window;
    }

    StreamResponse response() {
        return response;
    }

    /** Whether its request is known, or has come at least. */
    boolean requested() {
        return requested;
    }

    /** When its first frame came. */
    long begun() {
        return begun;
    }

    boolean seenInPart() {
        return seenInPart;
    }

    /** Its request has come. */
    void requested(Fields fields, long at) {
        requested = true;
        begun = at;
        var method = fields.value(":method");
        context = method.isEmpty() ? RequestContext.UNKNOWN : RequestContext.of(method);
        request = new JudgedResponse.Request(
                method.isEmpty() ? UNKNOWN : method,
                fields.value(":path").isEmpty()
                        ? method.equals("CONNECT") ? fields.value(":authority") : UNKNOWN
                        : fields.value(":path"),
                Optional.of(fields.value("x-request-id")).filter(id -> !id.isEmpty()));
        authority = fields.value(":authority");
        if (authority.isEmpty()) {
            authority = fields.value("host");
        }
    }

    /** It is the request that asked for the upgrade to HTTP/2. */
    void upgraded(SeenRequest asked) {
        requested = true;
        context = asked.context();
        request = asked.request();
        begun = asked.nanos();
        note("its request was HTTP/1.1, with Upgrade: h2c");
    }

    /** The same of its first frame that is there; {@code missing} says why others before it may be missing, if they may. */
    void responded(long at, String missing) {
        responded(at);
        if (!missing.isEmpty()) {
            framesMissing(missing);
        }
    }

    /** Frames of it may be missing before the next one. */
    void framesMissing(String why) {
        seenInPart(why);
        response.framesMissing();
    }

    /** A frame of the response begins at {@code at}. */
    void responded(long at) {
        if (response.isEmpty()) {
            nanos = at;
        }
    }

    void note(String note) {
        if (notes.isEmpty()) {
            notes = new ArrayList<>(2);
        }
        if (notes.size() < MAX_NOTES) {
            notes.add(note);
        }
    }

    /** Frames of it may be missing. */
    void seenInPart(String why) {
        if (!seenInPart) {
            note(why);
        }
        seenInPart = true;
    }

    /** Nothing more will come; {@code why} is the reason if no side ended the connection, which the server sent up to {@code position}. */
    void unfinished(String why, ConnectionClose close, long position) {
        if (!why.isEmpty()) {
            seenInPart(why);
        } else if (close.clientFirst()) {
            seenInPart(close.underTheResponse());
        } else if (requested) {
            response.unfinished(position);
        } else {
            seenInPart("its request is missing from the capture");
        }
    }

    /** About how much memory it takes, in bytes. */
    long held() {
        return EMPTY_BYTES + request.target().length() + response.held();
    }

    /** It is over: {@code end} is how the server left the connection. */
    InspectedResponse judged(EnvoyHttp2 envoy, int connection, Endpoints endpoints, CloseReason end, String closedBy) {
        var faults = response.faults(context, seenInPart);
        var report = response.report(faults, seenInPart ? CloseReason.LEFT : end);
        long base = Math.max(0, response.start());
        boolean known = response.hasHead() && !response.statusUnknown();
        var verdict = !faults.isEmpty()
                ? envoy.verdict(response.status(), faults)
                : known ? envoy.passes(response.status()) : envoy.unknown(response.status());
        if (response.unknown() > 0) {
            note("%d of its fields refer to fields that are missing from the capture, so they are unknown"
                    .formatted(response.unknown()));
        }
        if (response.contentLength() >= 0
                && response.ended()
                && faults.stream().anyMatch(each -> each.violation().rule().id().equals("content-length-mismatch"))) {
            note("content-length says %d, and the DATA frames have %d bytes"
                    .formatted(response.contentLength(), response.dataBytes()));
        }
        var judged = JudgedResponse.of(request, report, closedBy, verdict, false)
                .onConnection(Integer.toString(connection), Instant.ofEpochSecond(0, nanos), base);
        return new InspectedResponse(
                judged,
                connection,
                endpoints,
                base,
                report,
                Optional.empty(),
                false,
                notes,
                Optional.of(Http2Stream.of(stream, authority, response)));
    }
}
