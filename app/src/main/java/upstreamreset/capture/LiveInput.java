// SPDX-License-Identifier: Apache-2.0
package upstreamreset.capture;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import upstreamreset.tcp.StreamAssembler;

/**
 * A capture that may still be growing: before and while it waits for bytes, the results so far are reported.
 * Interrupting the thread ends it.
 */
final class LiveInput extends InputStream {
    private static final long QUIET_NANOS = 200_000_000L;

    private final InputStream in;
    private final StreamAssembler assembler;
    private final Runnable beforeWaiting;
    /** A thread of its own waits: one that waits for a pipe cannot be interrupted. */
    private @Nullable ExecutorService waiting;

    /**
     * For the capture in {@code in}, of which {@code assembler} gets the packets; {@code beforeWaiting} is run before it waits
     * for bytes that are not there yet.
     */
    LiveInput(InputStream in, StreamAssembler assembler, Runnable beforeWaiting) {
        this.in = in;
        this.assembler = assembler;
        this.beforeWaiting = beforeWaiting;
        assembler.watchForQuiet();
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        assembler.quietSince(System.nanoTime() - QUIET_NANOS);
        return in.available() > 0 ? in.read(bytes, offset, length) : await(bytes, offset, length);
    }

    private int await(byte[] bytes, int offset, int length) throws IOException {
        beforeWaiting.run();
        var reading = waiting == null
                ? Executors.newSingleThreadExecutor(Thread.ofVirtual().factory())
                : waiting;
        waiting = reading;
        var read = reading.submit(() -> in.read(bytes, offset, length));
        try {
            try {
                return read.get(QUIET_NANOS, TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                assembler.quietSince(System.nanoTime());
                beforeWaiting.run();
                return read.get();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return -1;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
        }
    }

    @Override
    public int available() throws IOException {
        return in.available();
    }

    /** Leaves the capture open. */
    @Override
    public void close() {
        if (waiting != null) {
            waiting.shutdownNow();
        }
    }
}
