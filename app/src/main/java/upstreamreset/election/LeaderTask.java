// SPDX-License-Identifier: Apache-2.0
package upstreamreset.election;

/** The leader's task, which runs on a thread of its own. */
@FunctionalInterface
public interface LeaderTask {
    /**
     * Runs until {@link Leadership#holds} is false or the thread is interrupted, then returns. Each step asks {@code holds}
     * first, because a process that was frozen has not heard of anything. The election's own task gives the leadership up
     * by returning early.
     */
    void lead(Leadership leadership) throws InterruptedException;
}
