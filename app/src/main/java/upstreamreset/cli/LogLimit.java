// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Limits the log lines of one kind per minute, so that a client who can cause them cannot fill a disk; the number of
 * kinds is bounded too.
 */
final class LogLimit {
    static final int MAX_OF_KIND = 100;
    static final int MAX_KINDS = 100;
    private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

    private final Map<String, Integer> lines = new HashMap<>();
    private long minuteBegan;
    private long leftOut;

    LogLimit(long now) {
        minuteBegan = now;
    }

    /**
     * The decision about a line: it is logged, if {@code logged}, after a note of how many were left out in the
     * previous minute.
     */
    record Decision(boolean logged, long leftOutBefore) {}

    /** Decides about a line of this kind, which is where it comes from and how it reads without its values. */
    synchronized Decision next(String kind, long now) {
        long before = 0;
        if (now - minuteBegan >= MINUTE) {
            minuteBegan = now;
            lines.clear();
            before = leftOut;
            leftOut = 0;
        }
        int count = lines.getOrDefault(kind, lines.size() < MAX_KINDS ? 0 : MAX_OF_KIND) + 1;
        if (count > MAX_OF_KIND) {
            leftOut++;
            return new Decision(false, before);
        }
        lines.put(kind, count);
        return new Decision(true, before);
    }
}
