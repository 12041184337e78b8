// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Writes log lines on a thread of its own, so that no other thread waits for the log's reader; lines that do not fit in
 * its queue are dropped and counted.
 */
final class LogOutput {
    private static final int MAX_LINES = 256;

    private final PrintStream out;
    private final BlockingQueue<String> queue = new ArrayBlockingQueue<>(MAX_LINES);
    private final AtomicLong lost = new AtomicLong();
    private final AtomicLong waiting = new AtomicLong();

    LogOutput(PrintStream out) {
        this.out = out;
        Thread.ofPlatform().daemon().name("log").start(this::write);
    }

    /** Takes lines with their ends. */
    void add(String lines) {
        waiting.incrementAndGet();
        if (!queue.offer(lines)) {
            waiting.decrementAndGet();
            lost.incrementAndGet();
        }
    }

    /** Waits until all is written, but not longer than this. */
    void flush(Duration atMost) throws InterruptedException {
        long until = System.nanoTime() + atMost.toNanos();
        while (waiting.get() > 0 && until - System.nanoTime() > 0) {
            TimeUnit.MILLISECONDS.sleep(1);
        }
    }

    private void write() {
        try {
            while (true) {
                out.print(queue.take());
                long gone = lost.getAndSet(0);
                if (gone > 0) {
                    out.print("Log lines lost, because nobody read them in time: " + gone + "\n");
                }
                out.flush();
                waiting.decrementAndGet();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
