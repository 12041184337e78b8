// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

/**
 * Lets a command finish after Ctrl-C and report the input read so far. The program that fills a pipe gets the signal
 * too and usually ends the input; if not, this interrupts the creating thread, unless it has read everything.
 */
final class FinishOnInterrupt implements AutoCloseable {
    private static final int MAX_SECONDS = 30;

    /** Of the pipe's end. */
    private static final int MAX_MILLIS = 1_000;

    private final Thread reader = Thread.currentThread();
    private final LastWords lastWords;
    private boolean reading;
    private boolean interrupted;

    /** {@code pipe} says that the input will soon end by itself. */
    FinishOnInterrupt(boolean pipe) {
        lastWords = new LastWords(pipe ? MAX_MILLIS : 0, this::interrupt, MAX_SECONDS);
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
        lastWords.close();
    }
}
