// SPDX-License-Identifier: Apache-2.0
package upstreamreset.election.kubernetes;

import java.time.Duration;
import org.slf4j.Logger;

/**
 * Prevents repeated lines from filling the log: it passes a number of lines a minute, then logs how many it left out.
 */
final class LineLimit {
    private static final int MAX_LINES = 30;
    private static final long MINUTE = Duration.ofMinutes(1).toNanos();

    private final Logger log;
    private long minuteBegan = System.nanoTime();
    private int lines;

    LineLimit(Logger log) {
        this.log = log;
    }

    /** Runs {@code line}, which logs one line, or leaves it out. */
    synchronized void log(Runnable line) {
        long now = System.nanoTime();
        if (now - minuteBegan > MINUTE) {
            if (lines > MAX_LINES) {
                log.info("Lines like the last ones left out: {}", lines - MAX_LINES);
            }
            minuteBegan = now;
            lines = 0;
        }
        lines++;
        if (lines <= MAX_LINES) {
            line.run();
        }
    }
}
