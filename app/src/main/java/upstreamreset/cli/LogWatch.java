// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import upstreamreset.accesslog.LogInput;
import upstreamreset.explain.LiveLog;

/**
 * Reads a log that may still be growing: one thread reads, one sends regular beats, and Ctrl-C ends the log at its
 * current position.
 */
final class LogWatch implements LogInput.Sink, AutoCloseable {
    private static final int BEAT_MILLIS = 400;

    /** Of the pipe's end. */
    private static final int MAX_MILLIS = 500;

    private final LiveLog log;
    private final LastWords lastWords;
    private boolean closed;

    LogWatch(LiveLog log) {
        this.log = log;
        lastWords = new LastWords(MAX_MILLIS, this::end, 0);
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
        lastWords.close();
    }
}
