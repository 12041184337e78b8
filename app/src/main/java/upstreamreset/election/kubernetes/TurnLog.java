// SPDX-License-Identifier: Apache-2.0
package upstreamreset.election.kubernetes;

import java.util.concurrent.TimeUnit;

/**
 * Decides which of the leader's turns, one a second, are logged: all in the first ten minutes of its term and after it was held up,
 * then one a minute. All of them would be 86,400 lines a day.
 */
final class TurnLog {
    /** How many turns are logged one by one. */
    static final int MAX_LOGGED = 600;

    /** For how many turns each later line stands. */
    static final int MINUTE = 60;

    /** Between two turns: a process that was stopped, or a machine without time for it. */
    private static final long HELD_UP = TimeUnit.SECONDS.toNanos(3);

    private int logged;
    private int unlogged;
    private long last;

    /** Counts a turn; for how many turns the line stands that is due now, 0 if none is. */
    int next(long now) {
        if (logged > 0 && now - last > HELD_UP) {
            logged = 0;
        }
        last = now;
        unlogged++;
        if (logged >= MAX_LOGGED && unlogged < MINUTE) {
            return 0;
        }
        logged++;
        int count = unlogged;
        unlogged = 0;
        return count;
    }
}
