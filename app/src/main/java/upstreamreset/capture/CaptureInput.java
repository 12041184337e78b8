// SPDX-License-Identifier: Apache-2.0
package upstreamreset.capture;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.function.LongConsumer;

/** A capture's bytes, forward only, through a window whose size is bounded whatever the file claims. */
final class CaptureInput {
    /** Small beside the nearer caches, of which it takes three times as much: the file is read into a buffer and copied here. */
    private static final int WINDOW = 1 << 16;

    private static final long PROGRESS_STEP = 1 << 24;

    private final InputStream in;
    private final LongConsumer progress;
    private byte[] window = new byte[WINDOW];
    private int at;
    private int limit;
    private long before;
    private long nextProgress = PROGRESS_STEP;
    private boolean over;
    private boolean interrupted;

    /**
     * From where {@code in} is.
     *
     * @param progress gets the number of bytes read, from time to time
     */
    CaptureInput(InputStream in, LongConsumer progress) {
        this.in = in;
        this.progress = progress;
    }

    /** Makes {@code length} bytes readable from {@link #at}; false if the capture has fewer left. */
    boolean has(int length) throws IOException {
        return limit - at >= length || fill(length);
    }

    private boolean fill(int length) throws IOException {
        System.arraycopy(window, at, window, 0, limit - at);
        before += at;
        limit -= at;
        at = 0;
        if (length > window.length) {
            window = Arrays.copyOf(window, Math.max(length, 2 * window.length));
        }
        while (limit < length && !over) {
            int read = in.read(window, limit, window.length - limit);
            if (Thread.interrupted()) {
                interrupted = true;
            }
            over = read < 0 || interrupted;
            limit += Math.max(read, 0);
        }
        if (before + limit >= nextProgress) {
            nextProgress = before + limit + PROGRESS_STEP;
            progress.accept(before + limit);
        }
        return limit >= length;
    }

    /** Whether an interrupt of the thread ended it. */
    boolean interrupted() {
        return interrupted;
    }

    byte[] window() {
        return window;
    }

    /** The position of the next byte in the window. */
    int at() {
        return at;
    }

    /** How many bytes are readable without reading on. */
    int available() {
        return limit - at;
    }

    void skip(int length) {
        at += length;
    }

    /** Passes over bytes that need not fit the window; false if they were not all there. */
    boolean skipFar(long length) throws IOException {
        long left = length;
        while (left > 0) {
            if (!has(1)) {
                return false;
            }
            int step = (int) Math.min(left, available());
            skip(step);
            left -= step;
        }
        return true;
    }

    /** How far into the capture the next byte is. */
    long offset() {
        return before + at;
    }
}
