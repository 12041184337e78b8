// SPDX-License-Identifier: Apache-2.0
package upstreamreset.server;

import java.time.Duration;

/** Counts the streams, and waits until the last one has ended. */
final class Streams {
    private boolean closed;
    private long opened;
    private long completed;
    private long aborted;

    /** Counts one more stream, unless no more may begin. */
    synchronized boolean open() {
        opened += closed ? 0 : 1;
        return !closed;
    }

    /** No stream may begin any more. */
    synchronized void close() {
        closed = true;
    }

    /** The kernel has taken the last chunk. */
    synchronized void completed() {
        completed++;
        notifyAll();
    }

    /** The client left before the end, or the app was closed under the stream. */
    synchronized void aborted() {
        aborted++;
        notifyAll();
    }

    synchronized long running() {
        return opened - completed - aborted;
    }

    synchronized long completedCount() {
        return completed;
    }

    synchronized long abortedCount() {
        return aborted;
    }

    /** Waits until no stream runs, or for the given time. Returns how many still run. */
    synchronized long awaitNone(Duration atMost) throws InterruptedException {
        Monitor.await(this, () -> running() == 0, atMost);
        return running();
    }
}
