// SPDX-License-Identifier: Apache-2.0
package upstreamreset.http1;

import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds the head of each request on a connection, and the end of its body, in any segmentation (RFC 9112 §9.3.2). It reports
 * no violations; where it cannot read a request or find its end, it waits for a segment that begins with a method.
 *
 * <p>Not thread-safe. Memory is bounded by {@link #MAX_HEAD}, and in a trailer section by {@link ResponseReader#MAX_HEAD}.
 */
public final class RequestReader {
    /** The largest head that it reads, in bytes. */
    public static final int MAX_HEAD = 1 << 16;

    private static final int MAX_METHOD = 20;

    private static final long CHUNKS_BYTES = 1_000;
    private static final byte[] NONE = {};

    private final RequestHead head;

    /** Of the request that is being read, while it is in a chunked body. */
    private @Nullable BodyReader chunks;

    private State state = State.HEAD;
    private boolean headDone;
    /** Whether the client has announced a body and waits for leave to send it (RFC 9110 §10.1.1). */
    private boolean heldBack;

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

    public RequestReader() {
        this(new RequestHead());
    }

    /** For one of many connections: readers on one thread can share {@code head}, since a head is used before the next one. */
    public RequestReader(RequestHead head) {
        this.head = head;
    }

    /**
     * Reads on, at most to the end of a head or of a body, and returns how many bytes it used. The rest belongs to the next
     * part.
     */
    public int feed(byte[] bytes, int from, int to) {
        headDone = false;
        if (inBody()) {
            heldBack = false;
        }
        if (state == State.LOST && beginsAsRequest(bytes, from, to)) {
            state = State.HEAD;
        }
        return switch (state) {
            case HEAD -> head(bytes, from, to) - from;
            case DATA -> data(to - from);
            case CHUNKS -> chunks(Objects.requireNonNull(chunks), bytes, from, to) - from;
            case TUNNEL, LOST -> to - from;
        };
    }

    /** The head that the last {@link #feed} completed, if any. */
    public Optional<RequestHead> head() {
        return headDone ? Optional.of(head) : Optional.empty();
    }

    /** Whether the last request is still incomplete. */
    public boolean inBody() {
        return state == State.DATA || state == State.CHUNKS;
    }

    /** Whether the client has said that it waits before it sends the body, and not one byte of that has come. */
    public boolean heldBack() {
        return heldBack && inBody();
    }

    /** The server has answered without the body: if the next bytes begin as a request, the body will not come. */
    public void refused(byte[] bytes, int from, int to) {
        if (heldBack() && beginsAsRequest(bytes, from, to)) {
            state = State.HEAD;
            chunks = null;
        }
    }

    /** Whether no byte of the next request has come. */
    public boolean between() {
        return state == State.HEAD && keptLength == 0;
    }

    /** Whether it does not know where the next request begins. */
    public boolean lost() {
        return state == State.LOST;
    }

    /** About how much memory it takes beside itself, in bytes. */
    public long held() {
        return kept.length + (chunks == null ? 0 : CHUNKS_BYTES + chunks.held());
    }

    /** Passes over {@code length} missing bytes; returns whether it still knows where it is: they were data of a body. */
    public boolean skip(long length) {
        headDone = false;
        heldBack = false;
        boolean within = state == State.TUNNEL
                || (state == State.DATA && left >= length)
                || (chunks != null && chunks.skip(length) == length);
        if (state == State.DATA && within) {
            data(length);
        } else if (!within) {
            lose();
        }
        return within;
    }

    /** The response has opened a tunnel: the bytes that follow are not HTTP (RFC 9110 §9.3.6, §7.8). */
    public void tunnel() {
        state = State.TUNNEL;
    }

    private void lose() {
        state = State.LOST;
        chunks = null;
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

    private int chunks(BodyReader body, byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && !body.done()) {
            at += body.take(bytes, at, to, 0);
        }
        if (body.unreadable()) {
            lose();
        } else if (body.done()) {
            state = State.HEAD;
            chunks = null;
        }
        return at;
    }

    private int head(byte[] bytes, int from, int to) {
        int at = from;
        if (keptLength == 0) {
            while (at < to && (bytes[at] == '\r' || bytes[at] == '\n')) {
                at++; // RFC 9112 §2.2: empty lines before a request line are skipped
            }
            int end = head.read(bytes, at, to);
            if (end > 0) {
                return headDone() ? end : to;
            }
        }
        int old = keptLength;
        keep(bytes, at, Math.min(to - at, MAX_HEAD - old));
        int end = emptyLineFrom(Math.max(0, old - 3)) ? head.read(kept, 0, keptLength) : 0;
        if (end > 0) {
            keptLength = 0;
            return headDone() ? at + end - old : to;
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

    /** Reads a whole head and decides how to continue; returns whether it is a head. */
    private boolean headDone() {
        if (!head.hasRequestLine()) {
            lose();
            return false;
        }
        headDone = true;
        heldBack = head.expectsContinue();
        var framing = head.framing();
        switch (framing.kind()) {
            case CHUNKED -> {
                state = State.CHUNKS;
                chunks = new BodyReader(framing, 0, new Violations());
            }
            case CONTENT_LENGTH -> {
                state = State.DATA;
                left = framing.length();
            }
            case NONE -> state = State.HEAD;
            case UNKNOWN, CLOSE_DELIMITED, TUNNEL, HTTP2 -> lose();
        }
        return true;
    }

    /** Whether the kept bytes have an empty line from there on: a head in many pieces is not read again with each of them. */
    private boolean emptyLineFrom(int from) {
        for (int i = from; i + 1 < keptLength; i++) {
            if (kept[i] == '\n'
                    && (kept[i + 1] == '\n' || (kept[i + 1] == '\r' && i + 2 < keptLength && kept[i + 2] == '\n'))) {
                return true;
            }
        }
        return false;
    }

    private static boolean beginsAsRequest(byte[] bytes, int from, int to) {
        return switch (RequestLine.of(bytes, from, to)) {
            case HTTP1 -> true;
            case BEGUN -> beginsWithMethod(bytes, from, to);
            case NONE -> false;
        };
    }

    public static boolean beginsWithMethod(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && at - from < MAX_METHOD && ((bytes[at] >= 'A' && bytes[at] <= 'Z') || bytes[at] == '-')) {
            at++;
        }
        return at - from >= 3 && at < to && bytes[at] == ' ';
    }
}
