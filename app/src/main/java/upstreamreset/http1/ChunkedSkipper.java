// SPDX-License-Identifier: Apache-2.0
package upstreamreset.http1;

/** Finds the end of a chunked body (RFC 9112 §7.1) and stores none of it. */
final class ChunkedSkipper {
    private enum State {
        SIZE,
        EXTENSION,
        DATA,
        DATA_END,
        TRAILER,
        DONE,
        MALFORMED
    }

    private State state = State.DONE;
    private long size;
    private int digits;
    private int lineLength;

    void start() {
        state = State.SIZE;
        size = 0;
        digits = 0;
    }

    boolean done() {
        return state == State.DONE;
    }

    boolean malformed() {
        return state == State.MALFORMED;
    }

    /** Returns where it stopped: behind the last byte of the body, or at {@code to}. */
    int skip(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && state != State.DONE && state != State.MALFORMED) {
            switch (state) {
                case DATA -> {
                    int step = (int) Math.min(size, to - at);
                    size -= step;
                    at += step;
                    if (size == 0) {
                        state = State.DATA_END;
                    }
                }
                case SIZE -> sizeByte(bytes[at++]);
                case EXTENSION -> {
                    if (bytes[at++] == '\n') {
                        sizeDone();
                    }
                }
                case DATA_END -> {
                    if (bytes[at++] == '\n') {
                        start();
                    }
                }
                case TRAILER -> {
                    byte b = bytes[at++];
                    if (b == '\n') {
                        state = lineLength == 0 ? State.DONE : State.TRAILER;
                        lineLength = 0;
                    } else if (b != '\r') {
                        lineLength++;
                    }
                }
                case DONE, MALFORMED -> throw new IllegalStateException();
            }
        }
        return at;
    }

    private void sizeByte(byte b) {
        int digit = Character.digit(b, 16);
        if (digit >= 0 && digits < 15) {
            size = size << 4 | digit;
            digits++;
        } else if (digits == 0 || digit >= 0) {
            state = State.MALFORMED;
        } else if (b == '\n') {
            sizeDone();
        } else {
            state = State.EXTENSION;
        }
    }

    private void sizeDone() {
        lineLength = 0;
        state = size == 0 ? State.TRAILER : State.DATA;
    }
}
