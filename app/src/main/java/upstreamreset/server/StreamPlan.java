// SPDX-License-Identifier: Apache-2.0
package upstreamreset.server;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import upstreamreset.wire.Bytes;

/**
 * The contents and times of a stream, counted from the request: an absolute schedule, so that delays never add up.
 *
 * <p>Its pieces are the chunks and then the end. Undertow would write a chunk's size as {@code 06}; the bytes here are
 * those of the demo that this app rebuilds.
 */
final class StreamPlan {
    /** The last-chunk comes this long after the last chunk with data. */
    private static final long END_NANOS = Duration.ofMillis(100).toNanos();

    private static final String DATA = "Chunk\n";

    /** Chunks of which the bytes are kept to be shown. */
    private static final int MAX_FIRST = 100;

    private final int chunks;
    private final long periodNanos;
    private final ByteBuffer chunk;
    private final ByteBuffer end;
    private final Bytes first;

    private StreamPlan(ServeOptions options, String chunk, String end) {
        this.chunks = options.chunks();
        this.periodNanos = options.period().toNanos();
        this.chunk = bytes(chunk);
        this.end = bytes(end);
        this.first = Bytes.latin1(chunks > MAX_FIRST ? chunk.repeat(MAX_FIRST) : chunk.repeat(chunks) + end);
    }

    /** In the chunked transfer coding, RFC 9112 §7.1. */
    static StreamPlan chunked(ServeOptions options) {
        return new StreamPlan(options, DATA.length() + "\r\n" + DATA + "\r\n", "0\r\n\r\n");
    }

    /** Without a transfer coding: the end of the connection is the end of the body. */
    static StreamPlan bare(ServeOptions options) {
        return new StreamPlan(options, DATA, "");
    }

    /** How many pieces are due after this time. */
    int dueAfter(long nanos) {
        return nanos >= dueNanos(chunks) ? chunks + 1 : (int) Math.min(chunks, nanos / periodNanos);
    }

    /** When the piece of this number is due, the first is 0. */
    long dueNanos(int piece) {
        return piece < chunks ? (piece + 1) * periodNanos : chunks * periodNanos + END_NANOS;
    }

    /** The bytes of the piece of this number, with a position of their own. */
    ByteBuffer bytes(int piece) {
        return (piece < chunks ? chunk : end).duplicate();
    }

    /** How many bytes the first pieces have together. */
    long length(int pieces) {
        return (long) Math.min(pieces, chunks) * chunk.limit() + (isComplete(pieces) ? end.limit() : 0);
    }

    /** The first of its bytes, or all. */
    Bytes first() {
        return first;
    }

    boolean isComplete(int pieces) {
        return pieces > chunks;
    }

    private static ByteBuffer bytes(String text) {
        var bytes = text.getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip().asReadOnlyBuffer();
    }
}
