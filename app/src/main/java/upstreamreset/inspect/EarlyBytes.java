// SPDX-License-Identifier: Apache-2.0
package upstreamreset.inspect;

import java.util.Arrays;
import upstreamreset.protocol.Recognition;

/** A bounded number of a server's bytes that were captured before their request. */
final class EarlyBytes {
    private static final int MAX_BYTES = 1 << 16;
    private static final long MIN_IDLE_NANOS = 1_000_000_000L;

    private final long position;
    private final long nanos;
    private final long received;
    private byte[] bytes = {};

    /** Those from {@code position} on in what the server sent, when it had {@code received} bytes of the client's. */
    EarlyBytes(long position, long nanos, long received) {
        this.position = position;
        this.nanos = nanos;
        this.received = received;
    }

    /** Keeps what there is room for. */
    void add(byte[] source, int from, int to) {
        int old = bytes.length;
        int length = Math.min(to - from, MAX_BYTES - old);
        bytes = Arrays.copyOf(bytes, old + length);
        System.arraycopy(source, from, bytes, old, length);
    }

    boolean isFull() {
        return bytes.length == MAX_BYTES;
    }

    boolean beginAsResponse() {
        return Recognition.beginsAsResponse(bytes, 0, bytes.length);
    }

    /** Whether they begin with one of these texts. */
    private boolean begin(String... texts) {
        for (var text : texts) {
            boolean same = bytes.length >= text.length();
            for (int i = 0; same && i < text.length(); i++) {
                same = bytes[i] == text.charAt(i);
            }
            if (same) {
                return true;
            }
        }
        return false;
    }

    /** Whether they may answer this request: its client had not received them, and the server had all of its head. */
    boolean mayAnswer(SeenRequest request) {
        return request.sentBefore(position) && request.receivedBy(received);
    }

    /** Whether they say that no request came for too long, and in fact none had come. */
    boolean sayThatNothingWasAsked() {
        return received == 0 && begin("HTTP/1.1 408 ", "HTTP/1.0 408 ");
    }

    /**
     * Whether a server says with them that it has waited long enough for the next request on a connection that is idle since
     * {@code active}: by 408 (RFC 9110 §15.5.9), or by another response after some time. What comes at once belongs to the response
     * before.
     */
    boolean endIdle(long active) {
        return beginAsResponse() && (begin("HTTP/1.1 408 ", "HTTP/1.0 408 ") || nanos - active >= MIN_IDLE_NANOS);
    }

    byte[] bytes() {
        return bytes;
    }

    long position() {
        return position;
    }

    /** When the first of them came. */
    long nanos() {
        return nanos;
    }
}
