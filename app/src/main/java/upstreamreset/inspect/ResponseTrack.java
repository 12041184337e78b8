// SPDX-License-Identifier: Apache-2.0
package upstreamreset.inspect;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import upstreamreset.codec.EnvoyCodec;
import upstreamreset.http1.CloseReason;
import upstreamreset.http1.ResponseReader;
import upstreamreset.tcp.Endpoints;
import upstreamreset.verdict.JudgedResponse;
import upstreamreset.verdict.Outcome;
import upstreamreset.verdict.Verdict;

/**
 * One response while it comes: nothing but its bytes as long as it looks plain; read and judged from the first byte on
 * when it does not.
 */
final class ResponseTrack {
    private static final byte[] NONE = {};
    private static final int MAX_KEPT = 1 << 13;
    private static final int MAX_LOOKS = 16;
    private static final long EMPTY_BYTES = 200;

    private final SeenRequest request;
    private final Optional<Duration> idle;
    private final String envoyVersion;
    private final long base;
    private final long firstNanos;
    private final CleanResponseScan look = new CleanResponseScan();
    private List<String> notes = List.of();
    private final boolean plainAllowed;
    private final SpareBuffers buffers;
    private byte[] kept = NONE;
    private int keptLength;
    private int looks;
    private boolean plain;
    private boolean seenInPart;
    private @Nullable ResponseReader reader;
    private @Nullable EnvoyCodec codec;

    /** {@code base} is where it begins in what the server sent on the connection. */
    ResponseTrack(
            SeenRequest request,
            Optional<Duration> idle,
            long base,
            long firstNanos,
            String envoyVersion,
            boolean plainAllowed,
            SpareBuffers buffers) {
        this.buffers = buffers;
        this.request = request;
        this.idle = idle;
        this.base = base;
        this.firstNanos = firstNanos;
        this.envoyVersion = envoyVersion;
        this.plainAllowed = plainAllowed && request.leavesBody();
    }

    /** Whether it was whole and plain, so that there is nothing to judge. */
    boolean plain() {
        return plain;
    }

    boolean complete() {
        return plain || (reader != null && reader.done());
    }

    /** About how much memory it takes, in bytes. */
    long held() {
        return EMPTY_BYTES
                + request.held()
                + kept.length
                + (reader == null ? 0 : reader.held())
                + (codec == null ? 0 : codec.held());
    }

    /** Whether it is no response any more, but another protocol. */
    boolean tunnel() {
        return reader != null && reader.tunnel();
    }

    void note(String note) {
        if (notes.isEmpty()) {
            notes = new ArrayList<>();
        }
        notes.add(note);
    }

    /** Bytes of it are not in the capture. */
    void seenInPart(String why) {
        seenInPart = true;
        note(why);
    }

    /** Takes the next bytes; answers how many belong to it. */
    int feed(byte[] bytes, int from, int to) {
        if (reader != null) {
            return read(bytes, from, to);
        }
        if (!plainAllowed || to - from > MAX_KEPT) {
            return judge(bytes, from, to);
        }
        if (keptLength == 0) {
            int length = look.length(bytes, from, to);
            if (length == to - from) {
                plain = true;
                keep(bytes, from, to);
                return length;
            }
            if (length != CleanResponseScan.MORE) {
                return judge(bytes, from, to);
            }
        }
        if (keptLength + to - from > MAX_KEPT || (!look.inBody() && ++looks > MAX_LOOKS)) {
            return judge(bytes, from, to);
        }
        int before = keptLength;
        keep(bytes, from, to);
        if (before == 0) {
            return to - from;
        }
        int length = look.length(kept, 0, keptLength);
        if (length == CleanResponseScan.MORE) {
            return to - from;
        }
        if (length == keptLength) {
            plain = true;
            return to - from;
        }
        keptLength = before;
        return judge(bytes, from, to);
    }

    private void keep(byte[] bytes, int from, int to) {
        int length = to - from;
        if (keptLength + length > kept.length) {
            kept = keptLength == 0 && length <= SpareBuffers.SIZE
                    ? buffers.take()
                    : Arrays.copyOf(kept, Math.min(MAX_KEPT, 2 * (keptLength + length)));
        }
        System.arraycopy(bytes, from, kept, keptLength, length);
        keptLength += length;
    }

    /** From now on the judges read; first what was kept. */
    private int judge(byte[] bytes, int from, int to) {
        begin();
        return read(bytes, from, to);
    }

    private ResponseReader begin() {
        var judge = new ResponseReader(request.context(), 0);
        reader = judge;
        codec = new EnvoyCodec(envoyVersion, request.context());
        plain = false;
        if (keptLength > 0) {
            read(kept, 0, keptLength);
            release();
        }
        return judge;
    }

    /** What was kept is not needed any more. */
    void release() {
        buffers.give(kept);
        kept = NONE;
        keptLength = 0;
    }

    private int read(byte[] bytes, int from, int to) {
        var judge = reader == null ? begin() : reader;
        int taken = judge.feed(bytes, from, to - from);
        if (codec != null) {
            codec.dispatch(bytes, from, taken);
        }
        return taken;
    }

    /** Bytes after its end that answer no request. */
    void surplus(byte[] bytes, int from, int to) {
        var judge = reader == null ? begin() : reader;
        judge.surplus(bytes, from, to - from);
        if (codec != null) {
            codec.dispatch(bytes, from, to - from);
        }
    }

    /** It is over: {@code end} is how its sender left the connection, as far as that concerns this response. */
    InspectedResponse judged(int stream, Endpoints endpoints, CloseReason end, String closedBy) {
        var judge = reader == null ? begin() : reader;
        // What the capture shows of the end is the sender's doing only if the capture shows all of it.
        var report = judge.finish(seenInPart ? CloseReason.LEFT : end);
        var firstByte = Instant.ofEpochSecond(
                Math.floorDiv(firstNanos, 1_000_000_000L), Math.floorMod(firstNanos, 1_000_000_000L));
        var judged = JudgedResponse.of(request.request(), report, closedBy, verdict(end), false)
                .onConnection(Integer.toString(stream), firstByte, base);
        return new InspectedResponse(judged, stream, endpoints, base, report, idle, notes);
    }

    private Verdict verdict(CloseReason end) {
        var judge = codec == null ? new EnvoyCodec(envoyVersion, request.context()) : codec;
        var verdict = judge.verdict(seenInPart ? CloseReason.OPEN : end);
        return seenInPart && verdict.outcome() == Outcome.HANGS
                ? new Verdict(Outcome.PASSES, verdict.status(), "-", "via_upstream", "", envoyVersion)
                : verdict;
    }
}
