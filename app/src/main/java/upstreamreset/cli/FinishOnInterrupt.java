// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets a command finish after Ctrl-C: what was read until then is still told. Whoever fills a pipe gets the signal too and mostly
 * ends it; else the thread that made this is interrupted, unless it has read all.
 */
final class FinishOnInterrupt implements AutoCloseable {
    private static final int MAX_SECONDS = 30;

    /** Of the pipe's end. */
    private static final int MAX_MILLIS = 1_000;

    private final CountDownLatch done = new CountDownLatch(1);
    private final Thread reader = Thread.currentThread();
    private final Thread hook;
    private boolean reading;
    private boolean interrupted;

    /** {@code pipe} says that what is read ends by itself, soon. */
    FinishOnInterrupt(boolean pipe) {
        hook = new Thread(() -> await(pipe ? MAX_MILLIS : 0), "last-words");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    private void await(int millis) {
        try {
            if (!done.await(millis, TimeUnit.MILLISECONDS)) {
                interrupt();
                done.await(MAX_SECONDS, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void interrupt() {
        interrupted = true;
        if (reading) {
            reader.interrupt();
        }
    }

    /** From now on the thread reads, and may be interrupted. */
    synchronized void beginReading() {
        reading = true;
        if (interrupted) {
            reader.interrupt();
        }
    }

    /** From now on the thread is not interrupted any more. */
    synchronized void endReading() {
        reading = false;
        Thread.interrupted();
    }

    /** Whether there was a Ctrl-C. */
    synchronized boolean interrupted() {
        return interrupted;
    }

    @Override
    public void close() {
        done.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The JVM is going down already, and the hook with it.
        }
    }
}
