// SPDX-License-Identifier: Apache-2.0
package upstreamreset.inspect;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import upstreamreset.http1.CloseReason;
import upstreamreset.protocol.Recognition;
import upstreamreset.tcp.Endpoints;
import upstreamreset.verdict.JudgedResponse;
import upstreamreset.verdict.Outcome;
import upstreamreset.verdict.Verdict;

/** One response as it arrives: scanned as long as it looks clean, otherwise read from its first byte. */
final class ResponseTrack {
    private static final long EMPTY_BYTES = 200;

    private final Inspection inspection;
    private SeenRequest request;
    private final Optional<Duration> idle;
    private final long base;
    private final long firstNanos;
    private State state;
    private List<String> notes = List.of();
    private boolean seenInPart;
    private boolean clientLeft;
    private boolean unasked;
    private boolean told;
    private boolean changed;
    private long missing;
    private boolean disputed;

    /** How far it is understood. */
    sealed interface State permits CleanScan, ReadResponse {
        boolean complete();

        /** Whether a body should follow, and not one byte of it has come. */
        boolean headAlone();

        /** Whether these bytes from {@code at} on, which were sent again, are others than before. */
        boolean differs(byte[] bytes, int from, int length, long at);

        /** About how much memory it takes, in bytes. */
        long held();
    }

    /**
     * For the response to {@code request}.
     *
     * @param base where it begins in what the server sent on the connection
     * @param cleanIsEnough whether it need not be read if it is clean
     */
    ResponseTrack(
            Inspection inspection,
            SeenRequest request,
            Optional<Duration> idle,
            long base,
            long firstNanos,
            boolean cleanIsEnough) {
        this.inspection = inspection;
        this.request = request;
        this.idle = idle;
        this.base = base;
        this.firstNanos = firstNanos;
        this.state = cleanIsEnough && request.leavesBody()
                ? new CleanScan(inspection.buffers())
                : new ReadResponse(inspection.envoyVersion(), request.context());
    }

    /** Whether it was whole and clean, so that there is nothing to judge. */
    boolean clean() {
        return state instanceof CleanScan && state.complete();
    }

    boolean complete() {
        return state.complete();
    }

    /** Whether its request was not captured, or cannot be read. */
    boolean orphan() {
        return !request.known();
    }

    /** It answers another request than was thought, and which one is not known. */
    void disown() {
        request = SeenRequest.unknown(firstNanos);
    }

    /** Whether it is not a response any more, but another protocol. */
    boolean tunnel() {
        return state instanceof ReadResponse response && response.tunnel();
    }

    /** Whether it is the tunnel that CONNECT asked for. */
    boolean connected() {
        return request.context().connect() && tunnel();
    }

    /** Whether its head is complete, nothing of its body has come, and it is unknown whether its request was HEAD. */
    boolean mayLackBody() {
        return !request.known() && !tunnel() && state.headAlone();
    }

    /** Whether the next response begins in place of its body: then its unseen request was HEAD. */
    boolean lacksBody(byte[] bytes, int from, int to) {
        return mayLackBody() && Recognition.beginsAsResponse(bytes, from, to);
    }

    /** Its request, if it switches to HTTP/2 in plain text; else null. */
    @Nullable
    SeenRequest upgradedToHttp2() {
        return state instanceof ReadResponse response && response.tunnel() && response.upgrades("h2c") ? request : null;
    }

    /** How many bytes are in its tunnel. */
    long tunnelled() {
        return state instanceof ReadResponse response && response.tunnel() ? response.bodyLength() : 0;
    }

    /** About how much memory it takes, in bytes. */
    long held() {
        return EMPTY_BYTES + state.held();
    }

    void note(String note) {
        if (notes.isEmpty()) {
            notes = new ArrayList<>();
        }
        notes.add(note);
    }

    /** It has been reported, although more of it may come. */
    void tell() {
        told = true;
        changed = false;
    }

    boolean told() {
        return told;
    }

    /** Whether bytes came since it was reported. */
    boolean changedSince() {
        return changed;
    }

    /** Bytes of it are not in the capture. */
    void seenInPart(String why) {
        seenInPart = true;
        note(why);
    }

    /** These bytes from {@code at} on in what the server sent were sent again. */
    void again(byte[] bytes, int from, int length, long at) {
        if (!disputed && state.differs(bytes, from, length, at - base)) {
            disputed = true;
            seenInPart("bytes of it were sent twice with different content: which of them the client took is"
                    + " unknown, so it is not judged");
        }
    }

    /** Passes over missing bytes, as far as they are data of its body; returns how many that were. */
    long skip(long length) {
        missing += length;
        seenInPart = true;
        return read().skip(length);
    }

    /** The client ended the connection before the response was over. */
    void leftByClient(String why) {
        clientLeft = true;
        if (tunnel()) {
            seenInPart = true; // that is how tunnels end
        } else {
            seenInPart(why);
        }
    }

    /** It has no request: the server says that the connection was idle for too long, or that no request ever came. */
    void endsIdleConnection(Optional<Long> idleNanos) {
        unasked = true;
        note("an idle time-out: "
                + (idleNanos.isEmpty()
                        ? "no request had come"
                        : "the connection had been idle for %.6f s, no request was waiting"
                                .formatted(Math.max(0, idleNanos.get()) / 1e9))
                + ", and the server ended it with this response");
    }

    /** Takes the next bytes; returns how many belong to it. */
    int feed(byte[] bytes, int from, int to) {
        return state instanceof CleanScan scan && scan.take(bytes, from, to) ? to - from : read().feed(bytes, from, to);
    }

    /** Takes bytes after its end that answer no request. */
    void surplus(byte[] bytes) {
        changed = true;
        read().surplus(bytes);
    }

    /** From now on it is read. By instanceof: a switch over types makes classes at run time, a fifth of a short run. */
    private ReadResponse read() {
        if (state instanceof ReadResponse response) {
            return response;
        }
        var response = new ReadResponse(inspection.envoyVersion(), request.context());
        if (state instanceof CleanScan scan) {
            scan.replay(response);
        }
        state = response;
        return response;
    }

    /** It was clean, and its bytes are not needed any more. */
    void release() {
        if (state instanceof CleanScan scan) {
            scan.release();
        }
    }

    /** It is over: {@code end} is how its sender left the connection, as far as that concerns this response. */
    InspectedResponse judged(int stream, Endpoints endpoints, CloseReason end, String closedBy) {
        var response = read();
        if (missing > 0) {
            note("%d bytes of the response are missing from the capture: judged on the rest".formatted(missing));
        }
        if (!seenInPart && mayLackBody()) {
            seenInPart("its request is unknown: if it was HEAD, the response has no body");
        }
        // What the capture shows of the end is the sender's doing only if the capture shows all of it.
        var report = response.finish(seenInPart ? CloseReason.LEFT : end);
        var judged = JudgedResponse.of(request.request(), report, closedBy, verdict(response, end), false)
                .onConnection(Integer.toString(stream), Instant.ofEpochSecond(0, firstNanos), base);
        return new InspectedResponse(
                disputed ? judged.withoutFindings() : judged,
                stream,
                endpoints,
                base,
                report,
                idle,
                unasked,
                notes,
                Optional.empty());
    }

    private Verdict verdict(ReadResponse response, CloseReason end) {
        var verdict = response.verdict(seenInPart ? CloseReason.OPEN : end);
        if (unasked) {
            return new Verdict(Outcome.UNKNOWN, 0, "-", "", "", verdict.version());
        }
        if (disputed || (seenInPart && verdict.outcome() == Outcome.DAMAGED)) {
            return ReadResponse.unknown(verdict);
        }
        if (!seenInPart || verdict.outcome() != Outcome.HANGS) {
            return verdict;
        }
        if (verdict.status() == 0) {
            // Of a head that is not whole the client gets nothing; who knows how it went on?
            return clientLeft ? verdict : ReadResponse.unknown(verdict);
        }
        return new Verdict(Outcome.PASSES, verdict.status(), "-", "via_upstream", "", verdict.version());
    }
}
