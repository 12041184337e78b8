// SPDX-License-Identifier: Apache-2.0
package upstreamreset.server;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Counts the streams, and waits until the last one has ended. */
final class Streams {
    private final AtomicLong opened = new AtomicLong();
    private final AtomicLong completed = new AtomicLong();
    private final AtomicLong aborted = new AtomicLong();
    private volatile boolean closed;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition ended = lock.newCondition();

    /** Counts one more stream, unless no more may begin. */
    boolean open() {
        // Counted before the check: a drain that begins in between sees this stream.
        opened.incrementAndGet();
        if (closed) {
            opened.decrementAndGet();
            signal();
            return false;
        }
        return true;
    }

    /** No stream may begin any more. */
    void close() {
        closed = true;
    }

    /** The kernel has taken the last chunk. */
    void completed() {
        completed.incrementAndGet();
        signal();
    }

    /** The client left before the end, or the app was closed under the stream. */
    void aborted() {
        aborted.incrementAndGet();
        signal();
    }

    long running() {
        // The ends are read first: a stream that starts between the reads must not make this negative.
        long ends = completed.get() + aborted.get();
        return opened.get() - ends;
    }

    long completedCount() {
        return completed.get();
    }

    long abortedCount() {
        return aborted.get();
    }

    /** Waits until no stream runs, or for the given time. Returns how many still run. */
    long awaitNone(Duration atMost) throws InterruptedException {
        long nanos = atMost.toNanos();
        lock.lock();
        try {
            while (running() > 0 && nanos > 0) {
                nanos = ended.awaitNanos(nanos);
            }
            return running();
        } finally {
            lock.unlock();
        }
    }

    private void signal() {
        lock.lock();
        try {
            ended.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
