// SPDX-License-Identifier: Apache-2.0
package upstreamreset.http1;

import java.util.Arrays;
import java.util.Optional;

/**
 * Follows the requests on a connection, in any segmentation: each head, where its body ends, and so where the next one begins
 * (RFC 9112 §9.3.2). It judges nothing; where it loses its way it waits for a segment that begins with a method.
 *
 * <p>Not thread-safe. Memory is bounded by {@link #MAX_HEAD}.
 */
public final class RequestReader {
    /** The largest head that is read. */
    public static final int MAX_HEAD = 1 << 16;

    private static final int MAX_METHOD = 20;

    private static final byte[] NONE = {};

    private final RequestHead head = new RequestHead();
    private final ChunkedSkipper chunks = new ChunkedSkipper();
    private State state = State.HEAD;
    private boolean headDone;
    private byte[] kept = NONE;
    private int keptLength;
    private long left;

    private enum State {
        HEAD,
        DATA,
        CHUNKS,
        /** No longer HTTP. */
        TUNNEL,
        LOST
    }

    /**
     * Reads on, at most to the end of a head or of a body, and answers how many bytes it used: what is left belongs to what
     * follows.
     */
    public int feed(byte[] bytes, int from, int to) {
        headDone = false;
        if (state == State.LOST && beginsWithMethod(bytes, from, to)) {
            state = State.HEAD;
        }
        return switch (state) {
            case HEAD -> head(bytes, from, to) - from;
            case DATA -> data(to - from);
            case CHUNKS -> chunks(bytes, from, to) - from;
            case TUNNEL, LOST -> to - from;
        };
    }

    /** The head that the last {@link #feed} ended, if it did. */
    public Optional<RequestHead> head() {
        return headDone ? Optional.of(head) : Optional.empty();
    }

    /** Whether the request that was read last is not over. */
    public boolean inBody() {
        return state == State.DATA || state == State.CHUNKS;
    }

    /** Whether it does not know where it is. */
    public boolean lost() {
        return state == State.LOST;
    }

    /** How many bytes it keeps room for. */
    public long held() {
        return kept.length;
    }

    /** Bytes of this length are missing. */
    public void gap(long length) {
        headDone = false;
        if (state == State.DATA && left >= length) {
            data(length);
        } else if (state != State.TUNNEL) {
            lose();
        }
    }

    /** The response has opened a tunnel: what follows is not HTTP (RFC 9110 §9.3.6, §7.8). */
    public void tunnel() {
        state = State.TUNNEL;
    }

    private void lose() {
        state = State.LOST;
        keptLength = 0;
    }

    private int data(long length) {
        int step = (int) Math.min(left, length);
        left -= step;
        if (left == 0) {
            state = State.HEAD;
        }
        return step;
    }

    private int chunks(byte[] bytes, int from, int to) {
        int at = chunks.skip(bytes, from, to);
        if (chunks.malformed()) {
            lose();
            return to;
        }
        if (chunks.done()) {
            state = State.HEAD;
        }
        return at;
    }

    private int head(byte[] bytes, int from, int to) {
        int at = from;
        if (keptLength == 0) {
            while (at < to && (bytes[at] == '\r' || bytes[at] == '\n')) {
                at++; // RFC 9112 §2.2: empty lines before a request line are skipped
            }
            int end = headEnd(bytes, at, at, to);
            if (end > 0) {
                return headDone(bytes, at, end) ? end : to;
            }
        }
        int old = keptLength;
        keep(bytes, at, Math.min(to - at, MAX_HEAD - old));
        int end = headEnd(kept, 0, Math.max(0, old - 3), keptLength);
        if (end > 0) {
            keptLength = 0;
            return headDone(kept, 0, end) ? at + end - old : to;
        }
        if (keptLength == MAX_HEAD) {
            lose();
        }
        return to;
    }

    private void keep(byte[] bytes, int from, int length) {
        if (keptLength + length > kept.length) {
            kept = Arrays.copyOf(kept, Math.min(MAX_HEAD, 2 * (keptLength + length)));
        }
        System.arraycopy(bytes, from, kept, keptLength, length);
        keptLength += length;
    }

    /** Whether it is a head, after which it is known how to go on. */
    private boolean headDone(byte[] bytes, int from, int to) {
        if (!head.read(bytes, from, to)) {
            lose();
            return false;
        }
        headDone = true;
        var framing = head.framing();
        switch (framing.kind()) {
            case CHUNKED -> {
                state = State.CHUNKS;
                chunks.start();
            }
            case CONTENT_LENGTH -> {
                state = State.DATA;
                left = framing.length();
            }
            case NONE -> state = State.HEAD;
            case UNKNOWN, CLOSE_DELIMITED, TUNNEL -> lose();
        }
        return true;
    }

    /** Where the empty line after the fields ends, or 0. */
    private static int headEnd(byte[] bytes, int start, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] == '\n' && i > start) {
                if (i + 1 < to && bytes[i + 1] == '\n') {
                    return i + 2;
                }
                if (i + 2 < to && bytes[i + 1] == '\r' && bytes[i + 2] == '\n') {
                    return i + 3;
                }
            }
        }
        return 0;
    }

    /** Whether this looks like the beginning of a request, wherever it comes from. */
    public static boolean beginsWithMethod(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && at - from < MAX_METHOD && ((bytes[at] >= 'A' && bytes[at] <= 'Z') || bytes[at] == '-')) {
            at++;
        }
        return at - from >= 3 && at < to && bytes[at] == ' ';
    }
}
