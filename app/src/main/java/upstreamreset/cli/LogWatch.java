// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import upstreamreset.accesslog.LogInput;
import upstreamreset.explain.LiveLog;

/** Reads a log that may still be written: one thread reads, one beats the time, and Ctrl-C ends the log where it is. */
final class LogWatch implements LogInput.Sink, AutoCloseable {
    private static final int BEAT_MILLIS = 400;

    /** Whoever fills the pipe gets the signal too, and mostly ends it. */
    private static final int MAX_MILLIS = 500;

    private final LiveLog log;
    private final CountDownLatch done = new CountDownLatch(1);
    private final Thread hook = new Thread(this::endOnSignal, "last-words");
    private boolean closed;

    LogWatch(LiveLog log) {
        this.log = log;
        Runtime.getRuntime().addShutdownHook(hook);
        Thread.ofPlatform().daemon().name("beat").start(this::beat);
    }

    @Override
    public synchronized void line(byte[] bytes, int from, int to) {
        log.digest().add(bytes, from, to);
    }

    private synchronized void beat() {
        try {
            while (!closed) {
                wait(BEAT_MILLIS);
                if (!closed) {
                    log.beat();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void endOnSignal() {
        try {
            if (!done.await(MAX_MILLIS, TimeUnit.MILLISECONDS)) {
                end();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void end() {
        closed = true;
        log.end();
    }

    /** No beat comes any more. */
    synchronized void stopBeats() {
        closed = true;
        notifyAll();
    }

    @Override
    public void close() {
        stopBeats();
        done.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The JVM is going down already, and the hook with it.
        }
    }
}
