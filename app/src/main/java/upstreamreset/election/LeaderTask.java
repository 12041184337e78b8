// SPDX-License-Identifier: Apache-2.0
package upstreamreset.election;

/** What a leader does, on a thread of its own. */
@FunctionalInterface
public interface LeaderTask {
    /**
     * Works until {@link Leadership#holds} no longer says so or the thread is interrupted, then returns. Each step asks
     * {@code holds} first: a process that was frozen does not know. Returning early gives the leadership back.
     */
    void lead(Leadership leadership) throws InterruptedException;
}
